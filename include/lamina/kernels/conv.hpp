// Convolution forward. x has a halo of at least P zeros, so no tap is tested for the border:
//     y(o, i, j) = f(b(o) + sum over c, u, v of  w(c, u, v, o) * x(c, i S + u D - P, j S + v D - P), o, i, j)
// with strides S, dilations D and padding P of their own for rows and columns, and c running over the
// channels of the filter's group.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Adds the products of a tap, in all its places under the pixels, and its weights of all filters of a tile.
template <int Filters, int Pixels, class E, class T, class Offset>
[[gnu::always_inline]] constexpr void conv_tap(const E* x, const T* w, Offset offset,
                                               E (&sum)[std::size_t{Filters}][std::size_t{Pixels}]) noexcept {
    E in[std::size_t{Pixels}];
#pragma GCC unroll 32
    for (int p = 0; p < Pixels; ++p)
        in[p] = x[offset(p)];
#pragma GCC unroll 32
    for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            add_product(sum[o][p], in[p], w[o]);
}

/// The same of a row of taps.
template <int Filters, int Pixels, class K, class E, class T, class Offset>
[[gnu::always_inline]] constexpr void
conv_row_of_taps(const E* x, const T* w, K k, int F, Offset offset,
                 E (&sum)[std::size_t{Filters}][std::size_t{Pixels}]) noexcept {
    if constexpr (ConstantWindow<K>) {
#pragma GCC unroll 8
        for (int v = 0; v < K::columns; ++v)
            conv_tap<Filters, Pixels>(x + v * K::column_dilation, w + v * F, offset, sum);
    } else {
#pragma GCC unroll 3
        for (int v = 0; v < k.columns; ++v, x += k.column_dilation, w += F)
            conv_tap<Filters, Pixels>(x, w, offset, sum);
    }
}

/// Computes the sums of `Filters` neighbouring filters, of F in all, at `Pixels` positions. `x` points to the
/// first tap, `w` and `b` to the first filter; position k is `offset(k)` elements from `x`.
template <int Filters, int Pixels, class XLayout, class K, class E, class T, class B, class Offset>
[[gnu::always_inline]] constexpr void
conv_sums(const E* x, XLayout xs, const T* w, B b, K k, int F, Offset offset,
          E (&sum)[std::size_t{Filters}][std::size_t{Pixels}]) noexcept {
#pragma GCC unroll 32
    for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            sum[o][p] = bias_at<E>(b, o);
    // Offsets that grow, because products of strides that are not constants cost registers.
    const std::ptrdiff_t w_row = std::ptrdiff_t{k.columns} * F, w_plane = w_row * k.rows;
    const std::ptrdiff_t x_row = std::ptrdiff_t{k.row_dilation} * xs.row;
    std::ptrdiff_t plane = 0, w_at = 0;
    for (int c = 0; c < xs.channels; ++c, plane += xs.plane, w_at += w_plane) {
        std::ptrdiff_t row = plane, of_row = w_at;
        if constexpr (UnrolledWindow<K>) {
#pragma GCC unroll 3
            for (int u = 0; u < K::rows; ++u, row += x_row, of_row += w_row)
                conv_row_of_taps<Filters, Pixels>(x + row, w + of_row, k, F, offset, sum);
        } else {
            for (int u = 0; u < k.rows; ++u, row += x_row, of_row += w_row)
                conv_row_of_taps<Filters, Pixels>(x + row, w + of_row, k, F, offset, sum);
        }
    }
}

/// Row i of `Filters` filters from o0 on, of F in all, `Pixels` results at a time.
template <int Filters, int Pixels, class X, class Y, class K, class T, class B, class Epilogue>
[[gnu::always_inline]] constexpr void conv_row(X x, const T* w, B b, int F, Y y, K k, Epilogue f, int o0,
                                               int i) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto xs = x.geometry();
    const int columns = y.geometry().width, S = k.column_stride;
    for (int t = 0; t < tiles(columns, Pixels); ++t) {
        const int j0 = overlapped(t, Pixels, columns);
        E sum[std::size_t{Filters}][std::size_t{Pixels}];
        conv_sums<Filters, Pixels>(
            x.data() + std::ptrdiff_t{i * k.row_stride - k.top} * xs.row + (j0 * S - k.left), xs, w + o0,
            b + o0, k,
            F, [k](int p) __attribute__((always_inline)) { return p * std::ptrdiff_t{k.column_stride}; },
            sum);
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                y(o0 + o, i, j0 + p) = f(sum[o][p], o0 + o, i, j0 + p);
    }
}

template <class X, class Y, class K, class T, class B, class Epilogue>
inline constexpr auto conv_row_table =
    tile_table<8, 4, void(const X&, const T*, B, int, const Y&, const K&, Epilogue, int, int) noexcept>(
        []<int Filters, int Pixels>() {
            return +[](const X& x, const T* w, B b, int F, const Y& y, const K& k, Epilogue f, int o0,
                       int i) noexcept { conv_row<Filters, Pixels>(x, w, b, F, y, k, f, o0, i); };
        });

/// The same with extents known at run time.
template <class X, class Y, class K, class T, class B, class Epilogue>
inline void conv_with_numbers(X x, const T* w, B b, int F, Y y, K k, Epilogue f) noexcept {
    static constexpr auto& rows = conv_row_table<X, Y, K, T, B, Epilogue>;
    const int filters = y.geometry().channels;
    const Tile tile =
        best_tile(filters, y.geometry().width, rows.rows, rows.columns, 1, loads_of_pixel(k.columns));
    for (int i = 0; i < y.geometry().height; ++i) {
        for (int fo = 0; fo < tiles(filters, tile.rows); ++fo)
            rows[tile](x, w, b, F, y, k, f, overlapped(fo, tile.rows, filters), i);
        for (int o = 0; o < filters; ++o)
            finish_row(f, y, o, i);
    }
}

/// Convolution of one group, whose filters are some of F.
template <class X, class Y, class K, class T, class B, class Epilogue>
constexpr void conv_of_group(X x, const T* w, B b, int F, Y y, K k, Epilogue f) noexcept {
    if constexpr (ConstantExtents<Y>) {
        constexpr int filters = Y::layout::channels;
        constexpr Tile tile = best_tile(filters, Y::layout::width, 16, 8, 1, loads_of_pixel(K::columns));
        constexpr int H = Y::layout::height, parts = tiles(filters, tile.rows);
        // Row by row, because the rows of x that are read again fit in the second cache; but filter by filter
        // where the weights do not, which each row would read anew.
        constexpr bool by_rows = K::rows * K::columns * X::layout::channels * filters <= (1 << 18);
        for (int n = 0; n < H * parts; ++n)
            conv_row<tile.rows, tile.columns>(x, w, b, F, y, k, f,
                                              overlapped(by_rows ? n % parts : n / H, tile.rows, filters),
                                              by_rows ? n / parts : n % H);
    } else if (k.is(1, 1)) {
        conv_with_numbers(x, w, b, F, y, UsualWindow<1, 1>{k.top, k.left}, f);
    } else if (k.is(3, 1)) {
        conv_with_numbers(x, w, b, F, y, UsualWindow<3, 1>{k.top, k.left}, f);
    } else if (k.is(3, 2)) {
        conv_with_numbers(x, w, b, F, y, UsualWindow<3, 2>{k.top, k.left}, f);
    } else {
        conv_with_numbers(x, w, b, F, y, k, f);
    }
}

/// Convolution with an epilogue `f(sum, o, i, j)`, which gives the result that is stored. It may be called
/// twice for a result, so it must not read y; see `finish_row`. x: C,H,W with a halo of the padding; w:
/// C/G,KH,KW,F; b: F, or `NoBias`; y: F,H',W'.
template <class X, class Y, class K, class T, class B, class Epilogue>
constexpr void conv(X x, const T* w, B b, Y y, K k, Epilogue f) noexcept {
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<typename Y::element>) {
        conv_by_numbers(ByNumbers{}, x, w, b, y, k, f);
    } else if constexpr (ConstantExtents<Y>) {
        constexpr int F = Y::layout::channels, C = X::layout::channels, G = K::groups;
        if constexpr (G == 1)
            conv_of_group(x, w, b, F, y, k, f);
        else
            for (int g = 0; g < G; ++g) {
                const int o0 = g * (F / G);
                conv_of_group(share_of_channels<C / G>(x, g * (C / G), C / G), w + o0, b + o0, F,
                              share_of_channels<F / G>(y, o0, F / G), k, OfFilters<Epilogue, Y>{f, y, o0});
            }
    } else {
        const int F = y.geometry().channels, filters = F / k.groups,
                  planes = x.geometry().channels / k.groups;
        for (int g = 0; g < k.groups; ++g) {
            const int o0 = g * filters;
            conv_of_group(share_of_channels<0>(x, g * planes, planes), w + o0, MaybeBias<T>{b} + o0, F,
                          share_of_channels<0>(y, o0, filters), k, OfFilters<Epilogue, Y>{f, y, o0});
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
