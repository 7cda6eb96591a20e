// The facts of each layer that are known while the program compiles, and tables of them.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

/// The facts of one layer, an element of `Model::layers`.
struct LayerInfo {
    std::string_view name;
    dims input;
    dims output;
    int parameters = 0;  ///< weights and biases
    long long macs = 0;  ///< multiply-adds of one forward pass
    long long bytes = 0; ///< of the output, one sample
};

namespace topology {

template <class P, class T>
[[nodiscard]] constexpr LayerInfo layer_info() noexcept {
    using L = typename P::layer;
    LayerInfo info{L::name,
                   P::input::extents,
                   P::output::extents,
                   P::weight_size + P::bias_size,
                   0,
                   static_cast<long long>(P::output::size) * static_cast<long long>(sizeof(T))};
    if constexpr (requires { L::template macs<typename P::input>; })
        info.macs = L::template macs<typename P::input>;
    return info;
}

template <class Inferred, class T>
inline constexpr auto layer_table = with_indices<Inferred::count>([](auto... i) {
    return std::array<LayerInfo, sizeof...(i)>{layer_info<typename Inferred::template at<i>, T>()...};
});

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

/// A table of the model with one line per layer and a line of sums, to be printed.
template <class Model>
[[nodiscard]] std::string summary() {
    std::string text;
    const auto line = [&text](std::string_view index, std::string_view name, std::string_view input,
                              std::string_view output, std::string_view parameters, std::string_view macs,
                              std::string_view bytes) {
        topology::append_row(text, {{index, 3},
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
    int index = 0;
    long long bytes = 0;
    for (const LayerInfo& l : Model::layers) {
        line(number(index++), l.name, to_string(l.input), to_string(l.output), number(l.parameters),
             number(l.macs), number(l.bytes));
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
    for_each_index<Plan::count>([&](auto i) {
        using Operation = typename Plan::template operation<i>;
        constexpr std::size_t output = i + 1;
        constexpr int first = Plan::fused::template first_layer<i>,
                      last = Plan::fused::template first_layer<i + 1> - 1;
        std::string names;
        for (int l = first; l <= last; ++l)
            names.append(l > first ? " " : "").append(Model::layers[static_cast<std::size_t>(l)].name);
        line(last > first ? number(first) + "-" + number(last) : number(first), names,
             to_string(Operation::output::extents), number(Plan::template activation_layout<output>::halo),
             number(Plan::kept_offset(output)), number(Plan::template activation_extents<>[output]),
             number(Plan::gradient_offset(output, false)), number(Plan::template scratch_extents<false>[i]));
    });
    return text;
}

} // namespace lamina::inline LAMINA_ABI
