#include "made_topologies.hpp"
#include "reference.hpp"

#include <doctest/doctest.h>

TEST_CASE("dynamic: made topologies 32 to 47 compute what their compile-time models do") {
    lamina::for_each_index<16>([](auto i) {
        using Made = made::Topology<32 + i>;
        twins::check_twin(twins::reference<lamina::Model<typename Made::type, typename Made::input>>());
    });
}
