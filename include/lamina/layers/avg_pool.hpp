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
    static constexpr Argument arguments[] = {{"Size", ArgumentKind::extent},
                                             {"Stride", ArgumentKind::extent},
                                             {"Padding", ArgumentKind::padding, 0},
                                             {"CountPadding", ArgumentKind::truth, 1}};
    bool counts_padding;

    explicit AvgPoolNumbers(const ArgumentValue* a) noexcept : PoolNumbers{a}, counts_padding{a[3] != 0} {}
    [[nodiscard]] Text spelled() const { return rule_name(family, counts_padding); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of AvgPool: its arguments as constants.
template <auto Size, auto Stride, auto Padding, bool CountPadding>
struct AvgWindow : PoolWindow<Size, Stride, Padding> {
    static constexpr bool counts_padding = CountPadding;
};

/// Base of AvgPool. `Arguments` are constants, or numbers.
template <class Arguments>
struct AvgPoolOf : Arguments {
    using Arguments::Arguments;

    constexpr void forward(auto x, auto /*p*/,
                           auto y) const noexcept requires kernels::ConstantExtents<decltype(x)> {
        using W = decltype(this->window_of(x));
        constexpr auto by = Arguments::counts_padding ? kernels::Divisor::window : kernels::Divisor::cells;
        if constexpr (x.order == Order::channels_last)
            kernels::one::pool<W>(
                kernels::as_image(x), kernels::as_image(y), [](auto a, auto b) { return a + b; },
                [](auto a, int cells) {
                    return a * decltype(a)(kernels::share_of<scalar_of<decltype(a)>>(W{}, by, cells));
                });
        else
            kernels::average_pool(kernels::as_image(x), kernels::as_image(y), W{}, kernels::AsItIs{}, by);
    }
    void forward(auto x, auto /*p*/, auto y, auto pass) const noexcept {
        kernels::average_pool(x, y, this->window_of(x), pass.after, divisor());
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) const noexcept {
        kernels::average_pool_gradient<How>(kernels::as_image(dy), kernels::as_image(dx), this->window_of(dx),
                                            divisor());
    }

  private:
    [[nodiscard, gnu::always_inline]] constexpr kernels::Divisor divisor() const noexcept {
        return this->counts_padding ? kernels::Divisor::window : kernels::Divisor::cells;
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// The mean of each window that slides over a channel.
///
///     y(c, i, j) = 1 / N  sum over u < KH, v < KW of  x(c, i S + u - P, j S + v - P)
///
/// with window K, stride S and padding P of their own for rows and columns. Padding is zeros. N is KH KW, or,
/// unless padding counts, how many cells of the window are no padding. Rows and columns for which no whole
/// window is left are dropped. `GlobalAvgPool` is the mean of all of a channel.
///
/// Arguments: each is a number or the alternative given.
/// - `Size` K, or `size{height, width}`: the extents of the window, at least 1.
/// - `Stride` S, or `size{rows, columns}`: the distance between neighbouring windows, at least 1. It has no
///   default.
/// - `Padding` P, `pad{top, bottom, left, right}` or `same`: cells on each side, 0 by default, at least 0
///   and fewer than the window has. `same` is as in `Conv`.
/// - `CountPadding`, whether padding counts in N: true by default, or false.
///
/// Shapes: x C,H,W; y C,H',W' with H' = floor((H + top + bottom - KH) / S) + 1 and W' likewise. x C,L; y
/// C,L', where a number is the extent along L: of windows, strides, and padding before and behind.
///
/// Errors: an input of another rank, a window larger than the padded input, and arguments that are not
/// allowed do not compile. In a `Strict` network, neither does a stride that leaves rows or columns over at
/// the far edge.
///
/// PyTorch: `torch.nn.AvgPool2d(K, S, padding=P, count_include_pad=CountPadding)` and `torch.nn.AvgPool1d`,
/// which have `ceil_mode` too. Their stride is the window's size unless named, and their padding at most half
/// the window, the same at opposite sides. Keras' `padding="same"` does not count padding.
///
/// Example:
///
///     using Topology = ln::Net<ln::AvgPool<2, 2>, ln::AvgPool<ln::size{3, 1}, 1, ln::same, false>>;
///     using Model = ln::Model<Topology, ln::Shape<1, 4, 4>>;
///     static_assert(Model::layers[1].output == ln::dims{1, 2, 2});
///     Model::Input x{};
///     x(0, 1, 1) = 4.0F;
///     const float mean = Model{}.forward(x)(0, 0, 0); // 0.5, half of the mean 1
template <auto Size, auto Stride, auto Padding, bool CountPadding>
struct AvgPool : layer_bases::AvgPoolOf<layer_bases::AvgWindow<Size, Stride, Padding, CountPadding>> {
    using by_numbers = layer_bases::AvgPoolOf<detail::AvgPoolNumbers>;
    static constexpr Text name = AvgPool::rule.rule_name("AvgPool", CountPadding);
};

} // namespace lamina

LAMINA_END_IEEE
