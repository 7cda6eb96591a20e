// to_dot: a drawing of a network, in the language of Graphviz.
#pragma once

#include <lamina/text.hpp>
#include <lamina/topology/summary.hpp>

#include <string>

namespace lamina::inline LAMINA_ABI {

/// A directed graph: one box per layer or join of branches, with its parameters and multiply-adds, and the
/// shapes on the edges. Draw it with `dot -Tsvg`.
template <class Model>
[[nodiscard]] std::string to_dot() {
    std::string text = "digraph network {\n    rankdir=LR;\n    node [shape=box, fontname=\"sans-serif\"];\n"
                       "    edge [fontname=\"sans-serif\"];\n    input [shape=plaintext];\n"
                       "    output [shape=plaintext];\n";
    constexpr auto& table = Model::inferred::table;
    const auto edge = [&](int value, const std::string& to) {
        text += "    " + (value > 0 ? "layer" + std::to_string(value - 1) : "input") + " -> " + to +
                " [label=\"" + to_string(table.extents_of(value)) + "\"];\n";
    };
    for (int index = 0; const LayerInfo& layer : Model::layers) {
        const std::string node = "layer" + std::to_string(index);
        text += "    " + node + " [label=\"" + std::string{layer.name};
        if (layer.parameters > 0)
            text += "\\n" + std::to_string(layer.parameters) + " parameters";
        if (layer.macs > 0)
            text += "\\n" + std::to_string(layer.macs) + " MACs";
        text += "\"];\n";
        for (int k = 0; k < table.elements[index].inputs; ++k)
            edge(table.input(index, k), node);
        ++index;
    }
    edge(table.result, "output");
    return text + "}\n";
}

} // namespace lamina::inline LAMINA_ABI
