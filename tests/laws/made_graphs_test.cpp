// Networks that branch, made by number: those with the most joins, or with names, of a hundred (their plans
// are checked in unit/topology/graphs_test.cpp).
#include "network_laws.hpp"

#include "made_graphs.hpp"

#include <doctest/doctest.h>

namespace {

template <int... Numbers>
void check() {
    (laws::graph_laws<made::Graph<Numbers>, made::GraphInput>(), ...);
}

} // namespace

TEST_CASE("some made graphs obey the laws") {
    check<5, 24, 47, 68, 94>();
}
