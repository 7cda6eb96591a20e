// Convolution, activation and max pooling in one pass, without storing the result of the convolution. Windows
// do not overlap.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/effects.hpp>

#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The largest of `N` candidates and its index. If several are equal, the first one wins.
template <std::size_t N, class E>
[[gnu::always_inline]] constexpr void find_max(const E (&candidates)[N], E& best, E& argmax) noexcept {
    best = candidates[0];
    argmax = E(0);
#pragma GCC unroll 16
    for (int k = 1; k < int{N}; ++k) {
        const auto larger = candidates[k] > best;
        best = select(larger, candidates[k], best);
        argmax = select(larger, E(static_cast<scalar_of<E>>(k)), argmax);
    }
}

/// y(o, i, j) = f(max over a Size x Size window of conv(x), o, i, j). `f` must not decrease, so that it can
/// be applied after the maximum. If `argmax` is a pointer, it receives the position of the maximum within
/// each window, in the order of y.
template <int Size, class X, class Y, class K, class T, class B, class Argmax, class Epilogue>
constexpr void conv_max_pool(X x, const T* w, B b, Y y, K k, Argmax argmax, Epilogue f) noexcept {
    has_effects();
    using E = typename Y::element;
    using XL = typename X::layout;
    constexpr int F = channels<typename Y::shape>, rows = height<typename Y::shape>,
                  columns = width<typename Y::shape>, SI = K::row_stride, SJ = K::column_stride;
    constexpr int area = Size * Size;
    constexpr Tile tile = best_tile(F, columns, 16, 1, area);

    for (int i = 0; i < rows; ++i) {
        for (int fo = 0; fo < tiles(F, tile.rows); ++fo) {
            const int o0 = overlapped(fo, tile.rows, F);
            for (int j = 0; j < columns; ++j) {
                E sum[std::size_t{tile.rows}][std::size_t{area}];
                conv_sums<tile.rows, area>(
                    x.data() + XL::at(0, i * Size * SI - K::top, j * Size * SJ - K::left), XL{}, w + o0,
                    b + o0, k, F, [](int p) __attribute__((always_inline)) {
                        return (p / Size) * SI * XL::row + (p % Size) * SJ;
                    },
                    sum);
#pragma GCC unroll 32
                for (int o = 0; o < tile.rows; ++o) {
                    E best;
                    E which;
                    find_max(sum[o], best, which);
                    y(o0 + o, i, j) = f(best, o0 + o, i, j);
                    if constexpr (std::is_pointer_v<Argmax>)
                        argmax[((o0 + o) * rows + i) * columns + j] = which;
                }
            }
        }
    }
}

/// Computes the gradient of the convolution's sums from that of the pooled result: all of it goes to the
/// chosen position. Overwrites dz, which has the extents of the convolution's output. `f` computes the slope
/// from the pooled output.
template <int Size, class Y, class DY, class DZ, class Slope>
constexpr void max_pool_scatter(Y y, DY dy, const typename DZ::element* argmax, DZ dz, Slope slope) noexcept {
    has_effects();
    using E = typename DZ::element;
    constexpr int F = channels<typename DZ::shape>;
    constexpr int rows = height<typename Y::shape>, columns = width<typename Y::shape>;
    for (int o = 0; o < F; ++o) {
        for (int i = 0; i < height<typename DZ::shape>; ++i) {
            for (int j = 0; j < width<typename DZ::shape>; ++j) {
                const int wi = i / Size, wj = j / Size;
                if (wi >= rows || wj >= columns) {
                    dz(o, i, j) = E(0); // rows and columns past the last whole window
                    continue;
                }
                const E which = argmax[(o * rows + wi) * columns + wj];
                const E mine = E(static_cast<scalar_of<E>>((i % Size) * Size + j % Size));
                dz(o, i, j) = select(which == mine, dy(o, wi, wj) * slope(y(o, wi, wj)), E(0));
            }
        }
    }
}

/// Whether the gradients of one filter's taps, a gradient and the masks of a window fit in registers. Without
/// vectors they need not: a spilled number costs less than the FMAs that blending saves.
[[nodiscard]] constexpr bool blended_gradient_fits(int taps, int size) noexcept {
    return simd_bytes == 0 || taps + size * size + 2 <= vector_registers;
}

/// Adds to dw and db (see `accumulate`) the same as `max_pool_scatter` and `conv_parameter_gradient`
/// together, without computing dz. Only the chosen position of each window has a gradient, so the argmax
/// selects from the window of the *input*, and a tap costs one FMA per window instead of one per position.
template <class K, int Size, class X, class Y, class DY, class DW, class DB, class Slope>
constexpr void conv_max_pool_parameter_gradient(X x, Y y, DY dy, const typename DY::element* argmax, DW dw,
                                                DB db, Slope slope, bool overwrite) noexcept {
    has_effects();
    using E = typename DY::element;
    using XL = typename X::layout;
    constexpr int C = channels<typename X::shape>, taps = K::rows * K::columns;
    constexpr int SI = K::row_stride, SJ = K::column_stride;
    constexpr int F = channels<typename Y::shape>, rows = height<typename Y::shape>,
                  columns = width<typename Y::shape>;
    for (int o = 0; o < F; ++o) {
        for (int c = 0; c < C; ++c) {
            E sum[std::size_t{taps}];
            E bias = E(0);
#pragma GCC unroll 32
            for (int t = 0; t < taps; ++t)
                sum[t] = E(0);
            for (int i = 0; i < rows; ++i) {
                for (int j = 0; j < columns; ++j) {
                    const E g = dy(o, i, j) * slope(y(o, i, j));
                    const E which = argmax[(o * rows + i) * columns + j];
                    const auto* in = x.data() + XL::at(c, i * Size * SI - K::top, j * Size * SJ - K::left);
                    bias += g;
#pragma GCC unroll 32
                    for (int t = 0; t < taps; ++t) {
                        const auto* tap = in + (t / K::columns) * K::row_dilation * XL::row +
                                          t % K::columns * K::column_dilation;
                        E chosen = tap[0];
#pragma GCC unroll 16
                        for (int k = 1; k < Size * Size; ++k)
                            chosen = select(which == E(static_cast<scalar_of<E>>(k)),
                                            E(tap[(k / Size) * SI * XL::row + (k % Size) * SJ]), chosen);
                        add_product(sum[t], g, chosen);
                    }
                }
            }
            for (int t = 0; t < taps; ++t)
                accumulate(dw(c, t / K::columns, t % K::columns, o), lane_sum(sum[t]), overwrite);
            if (c == 0)
                accumulate_bias(db, o, lane_sum(bias), overwrite);
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
