#include "../../made_graphs.hpp"
#include "reference.hpp"

#include <doctest/doctest.h>

TEST_CASE("dynamic: made graphs 25 to 49 compute what their compile-time models do") {
    lamina::for_each_index<25>([](auto i) {
        using Net = made::Graph<std::uint64_t{25 + i}>;
        twins::check_twin(twins::reference<lamina::Model<Net, made::GraphInput>>());
    });
}
