// The facts of each layer that are known while the program compiles, and tables of them.
#pragma once

#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/plan.hpp>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

/// The facts of one layer, an element of `Model::layers`.
struct LayerInfo {
    std::string_view name;
    Text sources; ///< which layers' outputs it reads, "(0,2)", unless it is that of the layer before
    Text path;    ///< of the positions that lead to it, as in files: "3", "3.0.1", "features.0"
    dims input;
    dims output;
    int parameters = 0;  ///< elements of the tensors that are trained
    long long macs = 0;  ///< multiply-adds of one forward pass
    long long bytes = 0; ///< of the output, one sample
};

namespace topology {

/// "(0,2)": the layers that a layer reads; "x" is the input.
template <class Table>
[[nodiscard]] constexpr Text sources_of(const Table& table, int e) {
    Text text;
    if (table.elements[e].inputs == 1 && table.input(e) == e)
        return text;
    for (int k = 0; k < table.elements[e].inputs; ++k) {
        text << (k > 0 ? "," : "(");
        if (table.input(e, k) == 0)
            text << "x";
        else
            text << table.input(e, k) - 1;
    }
    return text << ")";
}

template <class Inferred>
inline constexpr auto layer_table = [] {
    std::array<LayerInfo, std::size_t{Inferred::count}> all{};
    for (int i = 0; i < Inferred::count; ++i) {
        const Element& e = Inferred::table.elements[i];
        all[static_cast<std::size_t>(i)] = {e.facts.name,
                                            sources_of(Inferred::table, i),
                                            e.path,
                                            e.input,
                                            e.output,
                                            static_cast<int>(e.trained_tensors.extent()),
                                            e.facts.macs,
                                            static_cast<long long>(e.output.size()) *
                                                static_cast<long long>(sizeof(typename Inferred::scalar))};
    }
    return all;
}();

/// A cell of a printed table, at least |width| characters wide: right-aligned, or left-aligned if negative.
struct Cell {
    std::string_view text;
    int width;
};
inline void append_row(std::string& table, std::initializer_list<Cell> cells) {
    for (const auto [text, width] : cells) {
        const std::size_t all = static_cast<std::size_t>(width < 0 ? -width : width);
        const std::string blanks(text.size() < all ? all - text.size() : 0, ' ');
        table.append(width < 0 ? "" : blanks).append(text).append(width < 0 ? blanks : "").append(" ");
    }
    table.back() = '\n';
}

} // namespace topology

/// A table of the model with one line per layer and a line of sums, to be printed. A layer's number is its
/// path, as in files.
template <class Model>
[[nodiscard]] std::string summary() {
    std::string text;
    int width = 3;
    for (const LayerInfo& l : Model::layers)
        if (const int own = static_cast<int>(std::string_view{l.path}.size()); own > width)
            width = own;
    const auto line = [&text, width](std::string_view path, std::string_view name, std::string_view input,
                                     std::string_view output, std::string_view parameters,
                                     std::string_view macs, std::string_view bytes) {
        topology::append_row(text, {{path, width},
                                    {"", 0},
                                    {name, -18},
                                    {input, -12},
                                    {output, -12},
                                    {parameters, 12},
                                    {macs, 14},
                                    {bytes, 12}});
    };
    const auto number = [](long long n) { return std::to_string(n); };
    line("", "layer", "input", "output", "parameters", "MACs", "bytes");
    long long bytes = 0;
    for (const LayerInfo& l : Model::layers) {
        line(l.path, l.name, to_string(l.input), to_string(l.output), number(l.parameters), number(l.macs),
             number(l.bytes));
        bytes += l.bytes;
    }
    line("", "sum", "", "", number(Model::parameter_count), number(Model::macs), number(bytes));
    return text;
}

/// A table of the operations that a pass executes, one per line: the layers it computes, and the positions of
/// its output and its gradient in the workspace of training, in elements (a number for one sample, a pack for
/// a batch).
template <class Model>
[[nodiscard]] std::string plan_summary() {
    using Plan = typename Model::plan;
    std::string text;
    const auto line = [&text](std::string_view layers, std::string_view names, std::string_view output,
                              std::string_view halo, std::string_view at, std::string_view elements,
                              std::string_view gradient, std::string_view scratch) {
        topology::append_row(text, {{layers, -8},
                                    {names, -36},
                                    {output, -12},
                                    {halo, 6},
                                    {at, 10},
                                    {elements, 10},
                                    {gradient, 10},
                                    {scratch, 10}});
    };
    const auto number = [](long long n) { return std::to_string(n); };
    line("layers", "operation", "output", "halo", "at", "elements", "gradient", "scratch");
    for (int i = 0; i < Plan::count; ++i) {
        constexpr auto& operations = Plan::Training::operations;
        constexpr auto& workspace = Plan::template training<false>;
        const topology::Operation& op = operations.all[i];
        std::string names;
        for (int e = op.first; e < op.output; ++e)
            if (e == op.element || e == op.sum || e == op.activation || e == op.pool || e < op.element)
                names.append(names.empty() ? "" : " ")
                    .append(Model::layers[static_cast<std::size_t>(e)].name);
        const std::string_view first = Model::layers[static_cast<std::size_t>(op.first)].path,
                               last = Model::layers[static_cast<std::size_t>(op.output - 1)].path;
        std::string layers{first};
        if (op.output - 1 > op.first)
            layers.append("-").append(last);
        line(layers, names, to_string(Model::layers[static_cast<std::size_t>(op.output - 1)].output),
             number(workspace.values[op.output].halo), number(workspace.values[op.output].offset),
             number(workspace.values[op.output].extent), number(workspace.values[op.output].gradient_offset),
             number(workspace.operations[i].scratch_extent));
    }
    return text;
}

} // namespace lamina::inline LAMINA_ABI
