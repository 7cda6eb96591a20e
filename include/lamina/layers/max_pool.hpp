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
    static constexpr Argument arguments[] = {{"Size", ArgumentKind::extent},
                                             {"Stride", ArgumentKind::extent},
                                             {"Padding", ArgumentKind::padding, 0}};
    using PoolNumbers::PoolNumbers;

    [[nodiscard]] Text spelled() const { return rule_name(family); }
    [[nodiscard]] dims tensor(std::string_view /*argmax*/, const dims& in) const noexcept {
        return outputs(in);
    }
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

    constexpr void forward(auto x, auto /*p*/,
                           auto y) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        using W = decltype(this->window_of(x));
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<W>(
                kernels::as_image(x), kernels::as_image(y), [](auto a, auto b) { return (max)(a, b); },
                [](auto a, int /*cells*/) { return a; });
        else
            kernels::max_pool(kernels::as_image(x), kernels::as_image(y), W{});
    }
    void forward(auto x, auto /*p*/, auto y, auto pass) const noexcept {
        if constexpr (pass.training)
            kernels::max_pool(x, y, this->window_of(x), pass.saved.argmax.data(), pass.after);
        else
            kernels::max_pool(x, y, this->window_of(x), nullptr, pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto x, auto y, auto dy, auto /*p*/,
                                  auto dx) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        using kernels::as_image;
        kernels::max_pool_gradient<How>(as_image(x), as_image(y), as_image(dy), as_image(dx),
                                        this->window_of(dx));
    }
    template <kernels::Store How = kernels::Store::overwrite>
    void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx, auto pass) const noexcept {
        kernels::max_pool_gradient<How>(pass.saved.argmax.data(), dy, dx, this->window_of(dx));
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// The largest value of each window that slides over a channel.
///
///     y(c, i, j) = max over u < KH, v < KW of  x(c, i S + u - P, j S + v - P)
///
/// with window K, stride S and padding P of their own for rows and columns. Padding is less than every
/// number: it is never the largest. The gradient goes to the first of the largest values, row by row. A NaN
/// counts only if it is the first of its window. Rows and columns for which no whole window is left are
/// dropped.
///
/// Arguments: each is a number or the alternative given.
/// - `Size` K, or `size{height, width}`: the extents of the window, at least 1.
/// - `Stride` S, or `size{rows, columns}`: the distance between neighbouring windows, at least 1. It has no
///   default.
/// - `Padding` P, `pad{top, bottom, left, right}` or `same`: cells on each side, 0 by default, at least 0
///   and fewer than the window has. `same` is as in `Conv`.
///
/// Shapes: x C,H,W; y C,H',W' with H' = floor((H + top + bottom - KH) / S) + 1 and W' likewise. x C,L; y
/// C,L', where a number is the extent along L: of windows, strides, and padding before and behind.
///
/// Errors: an input of another rank, a window larger than the padded input, and arguments that are not
/// allowed do not compile. In a `Strict` network, neither does a stride that leaves rows or columns over at
/// the far edge.
///
/// PyTorch: `torch.nn.MaxPool2d(K, S, padding=P)` and `torch.nn.MaxPool1d`, which pass on every NaN and have
/// dilation and `ceil_mode` too. Their stride is the window's size unless named, and their padding at most
/// half the window, the same at opposite sides.
///
/// Source: O'Shea & Nash, arXiv:1511.08458, section 2.3.
///
/// Example:
///
///     using Topology = ln::Net<ln::MaxPool<2, 2>, ln::MaxPool<ln::size{1, 3}, 1, ln::same>>;
///     using Model = ln::Model<Topology, ln::Shape<1, 5, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 2, 2}); // the fifth row is dropped
///     static_assert(Model::layers[1].output == ln::dims{1, 2, 2});
///     Model::Input x{};
///     x(0, 1, 1) = 3.0F;
///     const float largest = Model{}.forward(x)(0, 0, 1); // 3
template <auto Size, auto Stride, auto Padding>
struct MaxPool : layer_bases::MaxPoolOf<PoolWindow<Size, Stride, Padding>> {
    using by_numbers = layer_bases::MaxPoolOf<detail::MaxPoolNumbers>;
    static constexpr Text name = MaxPool::rule.rule_name("MaxPool");
    /// Of windows that tile an image; else 0.
    static constexpr int window_size = MaxPool::rule.tile(), window_stride = window_size;
};

} // namespace lamina

LAMINA_END_IEEE
