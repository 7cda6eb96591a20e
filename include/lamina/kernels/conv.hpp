// Convolution forward. x has a halo of at least P zeros, so no tap is tested for the border:
//     y(o, i, j) = f(b(o) + sum over c, u, v of  w(c, u, v, o) * x(c, i S + u - P, j S + v - P), o, i, j)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
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
            conv_tap<Filters, Pixels>(x + v, w + v * F, offset, sum);
    } else {
#pragma GCC unroll 3
        for (int v = 0; v < k.columns; ++v, ++x, w += F)
            conv_tap<Filters, Pixels>(x, w, offset, sum);
    }
}

/// Computes the sums of `Filters` neighbouring filters, of F in all, at `Pixels` positions. `x` points to the
/// first tap, `w` and `b` to the first filter; position k is `offset(k)` elements from `x`.
template <int Filters, int Pixels, class XLayout, class K, class E, class T, class Offset>
[[gnu::always_inline]] constexpr void
conv_sums(const E* x, XLayout xs, const T* w, const T* b, K k, int F, Offset offset,
          E (&sum)[std::size_t{Filters}][std::size_t{Pixels}]) noexcept {
#pragma GCC unroll 32
    for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            sum[o][p] = E(b[o]);
    // Offsets that grow, because products of strides that are not constants cost registers.
    const std::ptrdiff_t w_row = std::ptrdiff_t{k.columns} * F, w_plane = w_row * k.rows;
    std::ptrdiff_t plane = 0, w_at = 0;
    for (int c = 0; c < xs.channels; ++c, plane += xs.plane, w_at += w_plane) {
        std::ptrdiff_t row = plane, of_row = w_at;
        if constexpr (UnrolledWindow<K>) {
#pragma GCC unroll 3
            for (int u = 0; u < K::rows; ++u, row += xs.row, of_row += w_row)
                conv_row_of_taps<Filters, Pixels>(x + row, w + of_row, k, F, offset, sum);
        } else {
            for (int u = 0; u < k.rows; ++u, row += xs.row, of_row += w_row)
                conv_row_of_taps<Filters, Pixels>(x + row, w + of_row, k, F, offset, sum);
        }
    }
}

/// Row i of `Filters` filters from o0 on, `Pixels` results at a time.
template <int Filters, int Pixels, class X, class Y, class K, class T, class Epilogue>
[[gnu::always_inline]] constexpr void conv_row(X x, const T* w, const T* b, Y y, K k, Epilogue f, int o0,
                                               int i) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    const int F = ys.channels, columns = ys.width, S = k.stride, P = k.padding;
    for (int t = 0; t < tiles(columns, Pixels); ++t) {
        const int j0 = overlapped(t, Pixels, columns);
        E sum[std::size_t{Filters}][std::size_t{Pixels}];
        conv_sums<Filters, Pixels>(
            x.data() + std::ptrdiff_t{i * S - P} * xs.row + (j0 * S - P), xs, w + o0, b + o0, k,
            F, [k](int p) __attribute__((always_inline)) { return p * std::ptrdiff_t{k.stride}; }, sum);
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                y(o0 + o, i, j0 + p) = f(sum[o][p], o0 + o, i, j0 + p);
    }
}

template <class X, class Y, class K, class T, class Epilogue>
inline constexpr auto conv_row_table =
    tile_table<8, 4, void(const X&, const T*, const T*, const Y&, const K&, Epilogue, int, int) noexcept>(
        []<int Filters, int Pixels>() {
            return +[](const X& x, const T* w, const T* b, const Y& y, const K& k, Epilogue f, int o0,
                       int i) noexcept { conv_row<Filters, Pixels>(x, w, b, y, k, f, o0, i); };
        });

/// The same with extents known at run time.
template <class X, class Y, class K, class T, class Epilogue>
inline void conv_with_numbers(X x, const T* w, const T* b, Y y, K k, Epilogue f) noexcept {
    static constexpr auto& rows = conv_row_table<X, Y, K, T, Epilogue>;
    const int F = y.geometry().channels;
    const Tile tile = best_tile(F, y.geometry().width, rows.rows, rows.columns);
    for (int i = 0; i < y.geometry().height; ++i) {
        for (int fo = 0; fo < tiles(F, tile.rows); ++fo)
            rows[tile](x, w, b, y, k, f, overlapped(fo, tile.rows, F), i);
        for (int o = 0; o < F; ++o)
            finish_row(f, y, o, i);
    }
}

/// Convolution with an epilogue `f(sum, o, i, j)`, which gives the result that is stored. It may be called
/// twice for a result, so it must not read y; see `finish_row`. x: C,H,W with a halo of at least P; w:
/// C,K,K,F; b: F; y: F,H',W'.
template <class X, class Y, class K, class T, class Epilogue>
constexpr void conv(X x, const T* w, const T* b, Y y, K k, Epilogue f) noexcept {
    if constexpr (ConstantExtents<Y>) {
        constexpr int F = Y::layout::channels;
        constexpr Tile tile = best_tile(F, Y::layout::width, 16, 8);
        for (int i = 0; i < Y::layout::height; ++i)
            for (int fo = 0; fo < tiles(F, tile.rows); ++fo)
                conv_row<tile.rows, tile.columns>(x, w, b, y, k, f, overlapped(fo, tile.rows, F), i);
    } else if constexpr (std::is_floating_point_v<typename Y::element>) {
        conv_by_numbers(ByNumbers{}, x, w, b, y, k, f);
    } else if (k.is(1, 1)) {
        conv_with_numbers(x, w, b, y, UsualWindow<1, 1>{k.padding}, f);
    } else if (k.is(3, 1)) {
        conv_with_numbers(x, w, b, y, UsualWindow<3, 1>{k.padding}, f);
    } else if (k.is(3, 2)) {
        conv_with_numbers(x, w, b, y, UsualWindow<3, 2>{k.padding}, f);
    } else {
        conv_with_numbers(x, w, b, y, k, f);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
