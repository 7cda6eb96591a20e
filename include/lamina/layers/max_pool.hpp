// MaxPool: the largest of each window.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y(c, i, j) = the largest x(c, i Stride + u, j Stride + v) with u, v < Size. The gradient goes to the first
/// (row by row) of the largest. Shapes and errors: see `PoolWindow`; also a window larger than its input,
/// Size or Stride below 1. As `torch.nn.MaxPool2d`; O'Shea & Nash, arXiv:1511.08458, section 2.3.
template <int Size, int Stride>
struct MaxPool : PoolWindow<Size, Stride> {
    static constexpr Text name = named("MaxPool", Size, Stride);
    static constexpr bool is_max_pool = true;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<Size, Stride>(
                x, y, [](auto a, auto b) { return (max)(a, b); }, [](auto a) { return a; });
        else
            kernels::max_pool<Size, Stride>(x, y);
    }
    static constexpr void input_gradient(auto x, auto y, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::max_pool_gradient<Size, Stride>(x, y, dy, dx);
    }
};

} // namespace lamina

LAMINA_END_IEEE
