// Convolution backward, from dz, the gradient of the sums:
//     dw(c, u, v, o) += sum over i, j of  x(c, i S + u - P, j S + v - P) * dz(o, i, j)
//     db(o)          += sum over i, j of  dz(o, i, j)
//     dx(c, y, x)     = sum over o, u, v of  w(c, u, v, o) * dz(o, (y + P - u) / S, (x + P - v) / S), where S
//     divides
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The number of taps and filters whose gradients stay in registers while the kernel runs over all pixels.
struct TapTile {
    int channels; // of the input: several only of a 1x1 kernel, which has no other taps
    int rows;     // of the kernel: 1 or all
    int columns;  // of the kernel
    int filters;
};

[[nodiscard]] constexpr TapTile best_tap_tile(int channels, int kernel, int filters) noexcept {
    TapTile best{1, 1, 1, 1};
    long long best_cost = -1;
    const auto consider = [&](TapTile t) {
        const int taps = t.channels * t.rows * t.columns;
        if (taps * t.filters + t.filters + 4 > vector_registers)
            return;
        const int fmas = taps * t.filters,
                  loads = (taps + t.filters) * 3 / 2; // loads are dearer than FMAs here
        int step = fmas > loads ? fmas : loads;
        step = step > 8 ? step : 8;
        // Each plane that is not in the first cache costs the time of two steps.
        const int streams = t.filters + t.channels;
        const long long cost = 1LL * tiles(channels, t.channels) * tiles(kernel, t.rows) *
                               tiles(kernel, t.columns) * tiles(filters, t.filters) * (step + 2 * streams);
        if (best_cost < 0 || cost < best_cost) {
            best_cost = cost;
            best = t;
        }
    };
    for (int f = 1; f <= filters && f <= 16; ++f) {
        if (kernel == 1)
            for (int c = 1; c <= channels && c <= 16; ++c)
                consider({c, 1, 1, f});
        else
            for (int v = 1; v <= kernel; ++v) {
                consider({1, 1, v, f});
                consider({1, kernel, v, f});
            }
    }
    return best;
}

/// Computes the gradients of a block of taps that starts at channel c0, row u0, column v0 and filter o0; the
/// template arguments are its size.
template <int Channels, int Rows, int Columns, int Filters, class X, class DZ, class K, class T>
constexpr void conv_tap_gradients(X x, DZ dz, T* dw, K k, int c0, int u0, int v0, int o0,
                                  bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    const auto xs = x.geometry();
    const auto zs = dz.geometry();
    const std::ptrdiff_t F = zs.channels, S = k.stride, P = k.padding;
    constexpr int taps = Channels * Rows * Columns;
    E sum[std::size_t{taps}][std::size_t{Filters}];
#pragma GCC unroll 32
    for (int t = 0; t < taps; ++t)
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
            sum[t][o] = E(scalar_of<E>(0));
    for (int i = 0; i < zs.height; ++i) {
        const auto* in = x.data() + std::ptrdiff_t{c0} * xs.plane + (i * S + u0 - P) * xs.row + (v0 - P);
        const auto* out = dz.data() + std::ptrdiff_t{o0} * zs.plane + std::ptrdiff_t{i} * zs.row;
        for (int j = 0; j < zs.width; ++j, in += S, ++out) {
            E g[std::size_t{Filters}];
#pragma GCC unroll 32
            for (int o = 0; o < Filters; ++o)
                g[o] = out[std::ptrdiff_t{o} * zs.plane];
#pragma GCC unroll 32
            for (int t = 0; t < taps; ++t) {
                const E a = in[t / (Rows * Columns) * std::ptrdiff_t{xs.plane} + t / Columns % Rows * xs.row +
                               t % Columns];
#pragma GCC unroll 32
                for (int o = 0; o < Filters; ++o)
                    add_product(sum[t][o], a, g[o]);
            }
        }
    }
    for (int t = 0; t < taps; ++t) {
        const int c = c0 + t / (Rows * Columns), u = u0 + t / Columns % Rows, v = v0 + t % Columns;
        T* const to = dw + ((std::ptrdiff_t{c} * k.rows + u) * k.columns + v) * F + o0;
        for (int o = 0; o < Filters; ++o)
            accumulate(to[o], lane_sum(sum[t][o]), overwrite);
    }
}

/// Adds to dw and db, or overwrites them. x: C,H,W with a halo of P; dz: F,H',W'; dw: C,K,K,F; db: F.
template <class X, class DZ, class K, class T>
constexpr void conv_parameter_gradient(X x, DZ dz, T* dw, T* db, K k, bool overwrite) noexcept {
    conv_parameter_gradient_by_numbers(ByNumbers{}, x, dz, dw, db, k, overwrite);
}
template <class X, class DZ, class K, class T>
    requires ConstantExtents<DZ>
constexpr void conv_parameter_gradient(X x, DZ dz, T* dw, T* db, K k, bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    constexpr int C = X::layout::channels, F = DZ::layout::channels;
    constexpr TapTile tile = best_tap_tile(C, K::rows, F);
    constexpr int planes = tile.channels, rows = tile.rows, columns = tile.columns, filters = tile.filters;
    cover<C, planes>([&](int c0, auto c) {
        for (int u0 = 0; u0 < K::rows; u0 += rows)
            cover<K::columns, columns>([&](int v0, auto v) {
                cover<F, filters>([&](int o0, auto o) {
                    conv_tap_gradients<c, rows, v, o>(x, dz, dw, k, c0, u0, v0, o0, overwrite);
                });
            });
    });

    cover<F, (F < 8 ? F : 8)>([&](int o0, auto count) {
        constexpr int n = count;
        E sum[std::size_t{n}];
        for (int o = 0; o < n; ++o)
            sum[o] = E(0);
        for (int i = 0; i < DZ::layout::height; ++i)
            for (int j = 0; j < DZ::layout::width; ++j)
#pragma GCC unroll 8
                for (int o = 0; o < n; ++o)
                    sum[o] += dz(o0 + o, i, j);
        for (int o = 0; o < n; ++o)
            accumulate(db[o0 + o], lane_sum(sum[o]), overwrite);
    });
}

/// The halo of zeros that dz needs along an axis: how far the input gradient reads beyond its borders.
[[nodiscard]] constexpr int gradient_halo(int input, int output, int kernel, int stride,
                                          int padding) noexcept {
    int halo = 0;
    for (int p = 0; p < input; ++p) {
        if (p == stride && p < input - stride) // what is at neither edge reaches less far
            p = input - stride;
        const int q = padding + p;
        for (int u = q % stride; u < kernel; u += stride) {
            const int i = q / stride - u / stride;
            halo = -i > halo ? -i : halo;
            halo = i - (output - 1) > halo ? i - (output - 1) : halo;
        }
    }
    return halo;
}

/// The columns q = x + P with q mod S = `Phase`, which have the same taps: `Phase`, `Phase` + S, ...
template <int Stride, int Padding, Store How, int Phase, class DZ, class W, class DX>
constexpr void conv_input_gradient_columns(DZ dz, W w, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    using ZL = typename DZ::layout;
    constexpr int C = channels<typename DX::shape>, F = channels<typename DZ::shape>,
                  K = W::shape::extents[1];
    constexpr int first = Padding + (Phase + Stride - Padding % Stride) % Stride; // the class's first q
    constexpr int end = Padding + width<typename DX::shape>;
    constexpr int columns = first < end ? (end - first + Stride - 1) / Stride : 0;
    constexpr int taps = Phase < K ? (K - Phase + Stride - 1) / Stride : 0;
    // The rows of taps that meet a row of dz: q / S - u / S must lie between 0 and the last row.
    constexpr auto first_tap = [](int q) {
        const int least = (q / Stride - (height<typename DZ::shape> - 1)) * Stride;
        return q % Stride + (least > 0 ? least : 0);
    };
    constexpr auto last_tap = [](int q) { return K - 1 < q ? K - 1 : q; };
    if constexpr (columns > 0) {
        constexpr Tile tile = best_tile(C, columns, 16, 8);
        for (int y = 0; y < height<typename DX::shape>; ++y) {
            const int q = y + Padding;
            for (int ct = 0; ct < tiles(C, tile.rows); ++ct) {
                const int c0 = overlapped(ct, tile.rows, C), had_rows = already_stored<How>(ct, tile.rows, C);
                for (int t = 0; t < tiles(columns, tile.columns); ++t) {
                    const int j0 = overlapped(t, tile.columns, columns),
                              had_columns = already_stored<How>(t, tile.columns, columns);
                    E sum[std::size_t{tile.rows}][std::size_t{tile.columns}];
#pragma GCC unroll 32
                    for (int c = 0; c < tile.rows; ++c)
#pragma GCC unroll 32
                        for (int p = 0; p < tile.columns; ++p)
                            sum[c][p] = E(0);
                    for (int u = first_tap(q); u <= last_tap(q); u += Stride) {
                        for (int o = 0; o < F; ++o) {
                            const auto* g =
                                dz.data() + ZL::at(o, q / Stride - u / Stride, first / Stride + j0);
                            const auto* weight = w.data() + W::layout::at(c0, u, Phase < K ? Phase : 0, o);
#pragma GCC unroll 8
                            for (int v = 0; v < taps; ++v) {
                                E in[std::size_t{tile.columns}];
#pragma GCC unroll 32
                                for (int p = 0; p < tile.columns; ++p)
                                    in[p] = g[p - v];
#pragma GCC unroll 32
                                for (int c = 0; c < tile.rows; ++c)
#pragma GCC unroll 32
                                    for (int p = 0; p < tile.columns; ++p)
                                        add_product(sum[c][p], in[p], weight[(c * K * K + v * Stride) * F]);
                            }
                        }
                    }
#pragma GCC unroll 32
                    for (int c = 0; c < tile.rows; ++c)
#pragma GCC unroll 32
                        for (int p = 0; p < tile.columns; ++p)
                            if (c >= had_rows && p >= had_columns)
                                store<How>(dx(c0 + c, y, first - Padding + (j0 + p) * Stride), sum[c][p]);
                }
            }
        }
    }
}

/// Overwrites dx, or adds to it. dz: F,H',W' with a halo of `gradient_halo` zeros; w: C,K,K,F; dx: C,H,W.
template <Store How = Store::overwrite, class DZ, class W, class DX, ConstantWindow K>
constexpr void conv_input_gradient(DZ dz, W w, DX dx, K) noexcept {
    for_each_index<K::stride>(
        [&](auto phase) { conv_input_gradient_columns<K::stride, K::padding, How, phase>(dz, w, dx); });
}
/// The same with extents known at run time, of the weight that `prepare_conv_weight` has prepared. `f` may
/// have `finish_row(dx, c, i)`.
template <Store How = Store::overwrite, class DZ, class T, class DX, class Epilogue = AsItIs>
inline void conv_input_gradient(DZ dz, const T* prepared, DX dx, RunTimeWindow k, Epilogue f = {}) noexcept {
    conv_input_gradient_by_numbers<How>(ByNumbers{}, dz, prepared, dx, k, f);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
