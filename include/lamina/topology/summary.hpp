// What is known of each layer while the program compiles, and the table of it.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/infer.hpp>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace lamina {

/// One line of `Model::layers`.
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

} // namespace topology

/// The table of a model: a line a layer, and the sums.
template <class Model>
[[nodiscard]] std::string summary() {
    std::string text;
    const auto line = [&text](const auto&... cell) {
        char buffer[160];
        std::snprintf(buffer, sizeof buffer, "%3s  %-18s %-12s %-12s %12s %14s %12s\n", cell...);
        text += buffer;
    };
    const auto number = [](long long n) { return std::to_string(n); };
    line("", "layer", "input", "output", "parameters", "MACs", "bytes");
    int index = 0;
    long long bytes = 0;
    for (const LayerInfo& l : Model::layers) {
        line(number(index++).c_str(), std::string{l.name}.c_str(), to_string(l.input).c_str(),
             to_string(l.output).c_str(), number(l.parameters).c_str(), number(l.macs).c_str(),
             number(l.bytes).c_str());
        bytes += l.bytes;
    }
    line("", "sum", "", "", number(Model::parameter_count).c_str(), number(Model::macs).c_str(),
         number(bytes).c_str());
    return text;
}

/// The plan of a model: a line an operation, with the layers it computes, and where its output and its
/// gradient lie in the workspace of training, in elements (a number for one sample, a pack for a batch).
template <class Model>
[[nodiscard]] std::string plan_summary() {
    using Plan = typename Model::plan;
    std::string text;
    const auto line = [&text](const auto&... cell) {
        char buffer[160];
        std::snprintf(buffer, sizeof buffer, "%-8s %-36s %-12s %6s %10s %10s %10s %10s\n", cell...);
        text += buffer;
    };
    const auto number = [](long long n) { return std::to_string(n); };
    line("layers", "operation", "output", "halo", "at", "elements", "gradient", "scratch");
    int layer = 0;
    for_each_index<Plan::count>([&](auto i) {
        using Operation = typename Plan::template operation<i>;
        constexpr std::size_t output = i + 1;
        const int last = layer + Operation::layer_count - 1;
        std::string names;
        for (int l = layer; l <= last; ++l)
            names.append(l > layer ? " " : "").append(Model::layers[static_cast<std::size_t>(l)].name);
        const std::string range = last > layer ? number(layer) + "-" + number(last) : number(layer);
        line(range.c_str(), names.c_str(), to_string(Operation::output::extents).c_str(),
             number(Plan::template activation_layout<output>::halo).c_str(),
             number(Plan::kept_offset(output)).c_str(),
             number(Plan::template activation_extents<>[output]).c_str(),
             number(Plan::gradient_offset(output, false)).c_str(),
             number(Plan::template scratch_extents<false>[i]).c_str());
        layer = last + 1;
    });
    return text;
}

} // namespace lamina
