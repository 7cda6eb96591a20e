// Convolution forward. x has a halo of at least P zeros, so no tap is tested for the border:
//     y(o, i, j) = f(b(o) + sum over c, u, v of  w(c, u, v, o) * x(c, i S + u - P, j S + v - P), o, i, j)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Computes the sums of `Filters` neighbouring filters at `Pixels` positions. `x` points to the first tap,
/// `w` and `b` to the first filter; position k is `offset(k)` elements from `x`.
template <int Filters, int Pixels, class XLayout, int Channels, int Kernel, int AllFilters, class E, class T,
          class Offset>
[[gnu::always_inline]] constexpr void
conv_sums(const E* x, const T* w, const T* b, Offset offset,
          E (&sum)[std::size_t{Filters}][std::size_t{Pixels}]) noexcept {
#pragma GCC unroll 32
    for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            sum[o][p] = E(b[o]);
    for (int c = 0; c < Channels; ++c) {
        for (int u = 0; u < Kernel; ++u) {
            const E* row = x + std::ptrdiff_t{c} * XLayout::plane + std::ptrdiff_t{u} * XLayout::row;
            const T* taps = w + std::ptrdiff_t{c * Kernel + u} * Kernel * AllFilters;
#pragma GCC unroll 8
            for (int v = 0; v < Kernel; ++v) {
                E in[std::size_t{Pixels}];
#pragma GCC unroll 32
                for (int p = 0; p < Pixels; ++p)
                    in[p] = row[v + offset(p)];
#pragma GCC unroll 32
                for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
                    for (int p = 0; p < Pixels; ++p)
                        add_product(sum[o][p], in[p], taps[v * AllFilters + o]);
            }
        }
    }
}

/// Convolution with an epilogue `f(sum, o, i, j)`, which gives the result that is stored. It may be called
/// twice for a result, so it must not read y. x: C,H,W with a halo of at least P; w: C,K,K,F; y: F,H',W'.
template <int Stride, int Padding, class X, class W, class B, class Y, class Epilogue>
constexpr void conv(X x, W w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using E = typename Y::element;
    using XL = typename X::layout;
    constexpr int C = channels<typename X::shape>, K = W::shape::extents[1], P = Padding;
    constexpr int F = channels<typename Y::shape>, rows = height<typename Y::shape>,
                  columns = width<typename Y::shape>;
    constexpr Tile tile = best_tile(F, columns, 16, 8);

    for (int i = 0; i < rows; ++i) {
        for (int fo = 0; fo < tiles(F, tile.rows); ++fo) {
            const int o0 = overlapped(fo, tile.rows, F);
            for (int t = 0; t < tiles(columns, tile.columns); ++t) {
                const int j0 = overlapped(t, tile.columns, columns);
                E sum[std::size_t{tile.rows}][std::size_t{tile.columns}];
                conv_sums<tile.rows, tile.columns, XL, C, K, F>(
                    x.data() + XL::at(0, i * Stride - P, j0 * Stride - P), w.data() + o0, b.data() + o0,
                    [](int p) __attribute__((always_inline)) { return p * Stride; }, sum);
#pragma GCC unroll 32
                for (int o = 0; o < tile.rows; ++o)
#pragma GCC unroll 32
                    for (int p = 0; p < tile.columns; ++p)
                        y(o0 + o, i, j0 + p) = f(sum[o][p], o0 + o, i, j0 + p);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
