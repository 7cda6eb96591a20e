#include <lamina/core.hpp>
#include <lamina/topology/dot.hpp>

#include <doctest/doctest.h>

#include <string>

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

TEST_CASE("to_dot draws what each layer reads: branches, their join, and a value that is read twice") {
    using Model = ln::Model<ln::Net<ln::Dense<4>, ln::As<struct z>, ln::Residual<ln::Tanh>,
                                    ln::Concat<ln::Identity, ln::From<struct z>>>,
                            ln::Shape<3>>;
    const std::string text = ln::to_dot<Model>();
    for (const char* line :
         {"layer2 [label=\"Sum\"];", "layer3 [label=\"Concat\"];", "input -> layer0 [label=\"3\"];",
          "layer0 -> layer1 [label=\"4\"];", "layer0 -> layer2 [label=\"4\"];",
          "layer1 -> layer2 [label=\"4\"];", "layer2 -> layer3 [label=\"4\"];",
          "layer0 -> layer3 [label=\"4\"];", "layer3 -> output [label=\"8\"];"}) {
        CAPTURE(line);
        CHECK(text.find(std::string{"\n    "} + line + "\n") != std::string::npos);
    }
    const auto arrows = [&] {
        int count = 0;
        for (std::size_t at = text.find(" -> "); at != text.npos; at = text.find(" -> ", at + 1))
            ++count;
        return count;
    };
    CHECK(arrows() == 7);
}
