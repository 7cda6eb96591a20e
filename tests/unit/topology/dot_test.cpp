#include <lamina/core.hpp>
#include <lamina/topology/dot.hpp>

#include <doctest/doctest.h>

namespace ln = lamina;

TEST_CASE("to_dot draws layers in order, with shapes on the edges") {
    using Model = ln::Model<ln::Net<ln::Conv<4, 3>, ln::MaxPool<2, 2>>, ln::Shape<1, 8, 6>>;
    CHECK(ln::to_dot<Model>() == R"(digraph network {
    rankdir=LR;
    node [shape=box, fontname="sans-serif"];
    edge [fontname="sans-serif"];
    input [shape=plaintext];
    output [shape=plaintext];
    layer0 [label="Conv<4,3,1>\n40 parameters\n864 MACs"];
    input -> layer0 [label="1x8x6"];
    layer1 [label="MaxPool<2,2>"];
    layer0 -> layer1 [label="4x6x4"];
    layer1 -> output [label="4x3x2"];
}
)");
}
