// MaxPool: the largest of each window.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// With numbers for arguments it keeps which element of each window was the largest: to look for it again in
/// backward, as with constants, takes 1.2 times as long there.
struct MaxPoolNumbers : PoolNumbers {
    static constexpr std::string_view family = "MaxPool";
    using PoolNumbers::PoolNumbers;

    template <class In, class E>
    struct saved {
        View<E, In> argmax;

        static constexpr void fields(auto& list, auto f) { f("argmax", list.argmax); }
    };
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of MaxPool. `Window` is a PoolWindow, or numbers.
template <class Window>
struct MaxPoolOf : Window {
    using Window::Window;
    static constexpr bool is_max_pool = true;

    [[nodiscard]] constexpr Text spelled() const {
        return named("MaxPool", this->window_size, this->window_stride);
    }
    [[nodiscard]] constexpr dims tensor(std::string_view /*argmax*/, const dims& in) const noexcept {
        return this->outputs(in);
    }

    constexpr void forward(auto x, auto /*p*/,
                           auto y) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<Window::window_size, Window::window_stride>(
                x, y, [](auto a, auto b) { return (max)(a, b); }, [](auto a) { return a; });
        else
            kernels::max_pool(x, y, this->get_window());
    }
    void forward(auto x, auto /*p*/, auto y, auto pass) const noexcept {
        if constexpr (pass.training)
            kernels::max_pool(x, y, this->get_window(), pass.saved.argmax.data(), pass.after);
        else
            kernels::max_pool(x, y, this->get_window(), nullptr, pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto x, auto y, auto dy, auto /*p*/,
                                  auto dx) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        kernels::max_pool_gradient<How>(x, y, dy, dx, this->get_window());
    }
    template <kernels::Store How = kernels::Store::overwrite>
    void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx, auto pass) const noexcept {
        kernels::max_pool_gradient<How>(pass.saved.argmax.data(), dy, dx, this->get_window());
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// The largest value of each window that slides over a channel.
///
///     y(c, i, j) = max over u, v < Size of  x(c, i Stride + u, j Stride + v)
///
/// The gradient goes to the first of the largest values, row by row. A NaN counts only if it is the first of
/// its window. Rows and columns for which no whole window is left are dropped.
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
/// PyTorch: `torch.nn.MaxPool2d(Size, Stride)`, which passes on every NaN and has padding, dilation and
/// `ceil_mode` too. Its stride is the window's size unless named.
///
/// Source: O'Shea & Nash, arXiv:1511.08458, section 2.3.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>>, ln::Shape<1, 5, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 2, 2}); // the fifth row is dropped
///     Model::Input x{};
///     x(0, 1, 1) = 3.0F;
///     const float largest = Model{}.forward(x)(0, 0, 0); // 3
template <int Size, int Stride>
struct MaxPool : layer_bases::MaxPoolOf<PoolWindow<Size, Stride>> {
    using by_numbers = layer_bases::MaxPoolOf<detail::MaxPoolNumbers>;
    static constexpr Text name = named("MaxPool", Size, Stride);
};

} // namespace lamina

LAMINA_END_IEEE
