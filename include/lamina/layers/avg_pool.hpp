// AvgPool: the mean of each window.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y(c, i, j) = the mean of x(c, i Stride + u, j Stride + v) over u, v < Size. Shapes and errors: see
/// `PoolWindow`; also a window larger than its input, Size or Stride below 1. As `torch.nn.AvgPool2d`.
template <int Size, int Stride>
struct AvgPool : PoolWindow<Size, Stride> {
    static constexpr Text name = named("AvgPool", Size, Stride);

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<Size, Stride>(
                x, y, [](auto a, auto b) { return a + b; },
                [](auto a) {
                    return a * decltype(a)(scalar_of<decltype(a)>(1) / scalar_of<decltype(a)>(Size * Size));
                });
        else
            kernels::average_pool<Size, Stride>(x, y);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::average_pool_gradient<Size, Stride>(dy, dx);
    }
};

} // namespace lamina

LAMINA_END_IEEE
