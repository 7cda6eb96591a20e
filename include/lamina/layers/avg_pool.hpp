// AvgPool: the mean of each window.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

struct AvgPoolNumbers : PoolNumbers {
    static constexpr std::string_view family = "AvgPool";
    using PoolNumbers::PoolNumbers;
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of AvgPool. `Window` is a PoolWindow, or numbers.
template <class Window>
struct AvgPoolOf : Window {
    using Window::Window;

    [[nodiscard]] constexpr Text spelled() const {
        return named("AvgPool", this->window_size, this->window_stride);
    }

    constexpr void forward(auto x, auto /*p*/,
                           auto y) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<Window::window_size, Window::window_stride>(
                x, y, [](auto a, auto b) { return a + b; },
                [](auto a) {
                    constexpr int places = Window::window_size * Window::window_size;
                    return a * decltype(a)(scalar_of<decltype(a)>(1) / scalar_of<decltype(a)>(places));
                });
        else
            kernels::average_pool(x, y, this->get_window());
    }
    void forward(auto x, auto /*p*/, auto y, auto pass) const noexcept {
        kernels::average_pool(x, y, this->get_window(), pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) const noexcept {
        kernels::average_pool_gradient<How>(dy, dx, this->get_window());
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// The mean of each window that slides over a channel.
///
///     y(c, i, j) = 1 / Size^2  sum over u, v < Size of  x(c, i Stride + u, j Stride + v)
///
/// Rows and columns for which no whole window is left are dropped. With the size of the whole image as `Size`
/// it is global average pooling.
///
/// Arguments:
/// - `Size`, the height and width of the window, at least 1.
/// - `Stride`, the distance between neighbouring windows in both directions, at least 1. It has no default.
///
/// Shapes: x C,H,W; y C,H',W' with H' = floor((H - Size) / Stride) + 1 and W' likewise.
///
/// Errors: an input that is not an image, a window larger than the input, and arguments below 1 do not
/// compile. In a `Strict` network, neither does a stride that leaves rows or columns over at the far edge.
///
/// PyTorch: `torch.nn.AvgPool2d(Size, Stride)`, which has padding and `ceil_mode` too. Its stride is the
/// window's size unless named.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::AvgPool<2, 2>>, ln::Shape<1, 4, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 2, 2});
///     Model::Input x{};
///     x(0, 1, 1) = 4.0F;
///     const float mean = Model{}.forward(x)(0, 0, 0); // 1
template <int Size, int Stride>
struct AvgPool : layer_bases::AvgPoolOf<PoolWindow<Size, Stride>> {
    using by_numbers = layer_bases::AvgPoolOf<detail::AvgPoolNumbers>;
    static constexpr Text name = named("AvgPool", Size, Stride);
};

} // namespace lamina

LAMINA_END_IEEE
