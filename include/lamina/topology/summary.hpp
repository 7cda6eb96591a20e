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

} // namespace lamina
