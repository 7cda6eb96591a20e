// The facts of each layer that are known while the program compiles, and tables of them.
#pragma once

#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/plan.hpp>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

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
/// The width of a column that holds this text too.
[[nodiscard]] constexpr int wider(int width, std::string_view text) noexcept {
    return static_cast<int>(text.size()) > width ? static_cast<int>(text.size()) : width;
}

} // namespace topology

/// A table of the model with one line per layer and a line of sums, to be printed. A layer's number is its
/// path, as in files.
template <class Model>
[[nodiscard]] std::string summary() {
    std::string text;
    int path_width = 3, name_width = 18, shape_width = 12;
    for (const LayerInfo& l : Model::layers) {
        path_width = topology::wider(path_width, l.path);
        name_width = topology::wider(name_width, l.name);
        shape_width = topology::wider(topology::wider(shape_width, to_text(l.input)), to_text(l.output));
    }
    const auto line = [&](std::string_view path, std::string_view name, std::string_view input,
                          std::string_view output, std::string_view parameters, std::string_view macs,
                          std::string_view bytes) {
        topology::append_row(text, {{path, path_width},
                                    {"", 0},
                                    {name, -name_width},
                                    {input, -shape_width},
                                    {output, -shape_width},
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

namespace topology {

/// Whether an element belongs to an operation: it is computed there, or is a view that the operation reads.
[[nodiscard]] constexpr bool belongs_to(const auto& flow, const Operation& op, int element) noexcept {
    if (element == op.element || element == op.sum || element == op.activation || element == op.pool)
        return true;
    const auto is_view_below = [&](int value) {
        for (; value > 0 && flow.operations.stored_in[value] != value; value = flow.table.input(value - 1))
            if (value - 1 == element)
                return true;
        return false;
    };
    for (int k = 0; k < flow.table.elements[op.element].inputs; ++k)
        if (is_view_below(flow.table.input(op.element, k)))
            return true;
    return op.addend >= 0 && is_view_below(op.addend);
}

/// The layers of an operation: their names, and their paths as ranges, "0-2" or "3.0,3.2-4".
struct OperationText {
    std::string paths, names;

    OperationText(const auto& flow, const Operation& op) {
        const auto& elements = flow.table.elements;
        for (int e = 0, before = -2, first = 0; e <= op.output; ++e) {
            const bool belongs = e < op.output && belongs_to(flow, op, e);
            if (belongs) {
                names.append(names.empty() ? "" : " ").append(elements[e].facts.name);
                if (before != e - 1) {
                    paths.append(paths.empty() ? "" : ",").append(elements[e].path);
                    first = e;
                }
                before = e;
            } else if (before == e - 1 && first < before) {
                paths.append("-").append(elements[before].path);
            }
        }
    }
};

/// The text of an operation with the algorithm where its layer has the choice: "Conv ReLU (Winograd)".
template <class F, int Op>
[[nodiscard]] OperationText text_of_operation() {
    OperationText text{F::flow, F::operations.all[Op]};
    if constexpr (!F::flow.facts(Op).is_join)
        if constexpr (uses_scratch<typename F::template at<Op>::placed>)
            text.names.append(" (")
                .append(scratch_of<typename F::template at<Op>::placed>().algorithm)
                .append(")");
    return text;
}
/// Those of all operations.
template <class F>
[[nodiscard]] auto operation_texts() {
    return []<int... Op>(std::integer_sequence<int, Op...>) {
        return std::array<OperationText, std::size_t{F::count}>{text_of_operation<F, Op>()...};
    }
    (std::make_integer_sequence<int, F::count>{});
}

} // namespace topology

/// A table of the input and of the operations that a pass executes, one per line: the layers it computes, the
/// algorithm if it is another than their definition in batches, and the positions of its output and its
/// gradient in the workspace of training, in elements (a number for one sample, a pack for a batch). Each has
/// a halo, which `costs` so many elements: its own, and those of the copy for layers that take none. Parts of
/// a concat have the halo of the whole. The scratch memory is that of backward.
template <class Model>
[[nodiscard]] std::string plan_summary() {
    using Plan = typename Model::plan;
    constexpr auto& flow = Plan::Training::flow;
    constexpr auto& workspace = Plan::template training<false>;
    int path_width = 8, name_width = 36, shape_width = 12, halo_width = 4;
    const auto texts = topology::operation_texts<typename Plan::Training>();
    for (const topology::OperationText& op : texts) {
        path_width = topology::wider(path_width, op.paths);
        name_width = topology::wider(name_width, op.names);
    }
    for (int v = 0; v < flow.values(); ++v) {
        shape_width = topology::wider(shape_width, to_text(flow.table.extents_of(v)));
        halo_width = topology::wider(halo_width, to_text(workspace.values[v].halo));
        halo_width = topology::wider(halo_width, to_text(workspace.values[v].gradient_halo));
    }
    std::string text;
    const auto line = [&](std::string_view layers, std::string_view names, std::string_view output,
                          std::string_view halo, std::string_view costs, std::string_view at,
                          std::string_view elements, std::string_view gradient, std::string_view its_halo,
                          std::string_view its_costs, std::string_view scratch) {
        topology::append_row(text, {{layers, -path_width},
                                    {names, -name_width},
                                    {output, -shape_width},
                                    {halo, halo_width},
                                    {costs, 7},
                                    {at, 10},
                                    {elements, 10},
                                    {gradient, 10},
                                    {its_halo, halo_width},
                                    {its_costs, 7},
                                    {scratch, 10}});
    };
    const auto number = [](long long n) { return std::to_string(n); };
    const auto halo = [](const pad& p) { return std::string{std::string_view{to_text(p)}}; };
    line("layers", "operation", "output", "halo", "costs", "at", "elements", "gradient", "halo", "costs",
         "scratch");
    const auto value_line = [&](std::string_view layers, std::string_view names, int v, long long scratch) {
        const topology::StoredValue& own = workspace.values[v];
        const auto size = static_cast<long long>(flow.table.extents_of(v).size());
        const long long costs = own.extent == 0 ? 0 : own.extent - (own.inside < 0 ? size : 0);
        const bool has_gradient = flow.has_gradient(v, false);
        const bool owns_gradient = has_gradient && own.gradient_extent > 0;
        line(layers, names, to_string(flow.table.extents_of(v)), halo(own.halo), number(costs),
             number(own.offset), number(own.extent), has_gradient ? number(own.gradient_offset) : "-",
             has_gradient ? halo(own.gradient_halo) : "-",
             has_gradient ? number(owns_gradient ? own.gradient_extent - size : 0) : "-", number(scratch));
    };
    value_line("x", "input", 0, 0);
    for (int i = 0; i < Plan::count; ++i) {
        const topology::OperationText& op = texts[static_cast<std::size_t>(i)];
        value_line(op.paths, op.names, flow.operations.all[i].output, workspace.operations[i].scratch_extent);
    }
    return text;
}

} // namespace lamina::inline LAMINA_ABI
