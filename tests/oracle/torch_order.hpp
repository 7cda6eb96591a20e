// The order of PyTorch's tensors in lamina's.
#pragma once

#include <lamina/tensor.hpp>

#include <cstddef>
#include <vector>

namespace oracle {

/// The distances of a tensor's elements from the first, in PyTorch's order. Lamina
/// orders a convolution's weight in/G,KH,KW,out (or in,K,out), PyTorch out,in/G,KH,KW; all other tensors are
/// the same. `plane`, `row` and `pixel` are those of the view's layout. (No template: a test has hundreds of
/// shapes.)
[[nodiscard]] inline std::vector<std::ptrdiff_t> torch_order(const lamina::dims& d, std::ptrdiff_t plane,
                                                             std::ptrdiff_t row, std::ptrdiff_t pixel,
                                                             bool ends_in_outputs) {
    std::vector<std::ptrdiff_t> order;
    if (d.rank == 4) {
        for (int o = 0; o < d.extent[3]; ++o)
            for (int c = 0; c < d.extent[0]; ++c)
                for (int u = 0; u < d.extent[1]; ++u)
                    for (int v = 0; v < d.extent[2]; ++v)
                        order.push_back((c * std::ptrdiff_t{d.extent[1]} + u) * plane + v * row + o);
    } else if (d.rank == 3 && ends_in_outputs) {
        for (int o = 0; o < d.extent[2]; ++o)
            for (int c = 0; c < d.extent[0]; ++c)
                for (int v = 0; v < d.extent[1]; ++v)
                    order.push_back(c * plane + v * row + o * pixel);
    } else if (d.rank == 3) {
        for (int c = 0; c < d.extent[0]; ++c)
            for (int i = 0; i < d.extent[1]; ++i)
                for (int j = 0; j < d.extent[2]; ++j)
                    order.push_back(c * plane + i * row + j * pixel);
    } else if (d.rank == 2) {
        for (int c = 0; c < d.extent[0]; ++c)
            for (int j = 0; j < d.extent[1]; ++j)
                order.push_back(c * plane + j * pixel);
    } else {
        for (int i = 0; i < d.extent[0]; ++i)
            order.push_back(i);
    }
    return order;
}
template <class View>
[[nodiscard]] std::vector<std::ptrdiff_t> torch_order(View /*view*/, bool ends_in_outputs = false) {
    using L = typename View::layout;
    return torch_order(View::shape::extents, L::plane, L::row, L::pixel, ends_in_outputs);
}

/// Calls f(element, i) for every element of a view, i being its place in PyTorch's order.
template <class View, class F>
void in_torch_order(View view, F f, bool ends_in_outputs = false) {
    std::size_t place = 0;
    for (const std::ptrdiff_t at : torch_order(view, ends_in_outputs))
        f(view.data()[at], place++);
}

} // namespace oracle
