// The gradient of a convolution's parameters, from dz, the gradient of the sums:
//     dw(c, u, v, o) += sum over i, j of  x(c, i S + u D - P, j S + v D - P) * dz(o, i, j)
//     db(o)          += sum over i, j of  dz(o, i, j)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/pointwise_gradient.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
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

[[nodiscard]] constexpr TapTile best_tap_tile(int channels, int rows, int columns, int filters) noexcept {
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
        const long long cost = 1LL * tiles(channels, t.channels) * tiles(rows, t.rows) *
                               tiles(columns, t.columns) * tiles(filters, t.filters) * (step + 2 * streams);
        if (best_cost < 0 || cost < best_cost) {
            best_cost = cost;
            best = t;
        }
    };
    for (int f = 1; f <= filters && f <= 16; ++f) {
        if (rows * columns == 1)
            for (int c = 1; c <= channels && c <= 16; ++c)
                consider({c, 1, 1, f});
        else
            for (int v = 1; v <= columns; ++v) {
                consider({1, 1, v, f});
                consider({1, rows, v, f});
            }
    }
    return best;
}

/// Computes the gradients of a block of taps that starts at channel c0, row u0, column v0 and filter o0, of F
/// in all, over the rows of dz from `from` up to `end`; the template arguments are its size. Of the filters'
/// gradients, which it reads, it makes those of their biases, too, if `db` is no `NoBias`.
template <int Channels, int Rows, int Columns, int Filters, class X, class DZ, class K, class T, class DB>
constexpr void conv_tap_gradients(X x, DZ dz, T* dw, DB db, std::ptrdiff_t F, K k, int c0, int u0, int v0,
                                  int o0, int from, int end, bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    const auto xs = x.geometry();
    const auto zs = dz.geometry();
    constexpr int taps = Channels * Rows * Columns;
    E sum[std::size_t{taps}][std::size_t{Filters}];
#pragma GCC unroll 32
    for (int t = 0; t < taps; ++t)
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
            sum[t][o] = E(scalar_of<E>(0));
    [[maybe_unused]] E of_bias[std::size_t{Filters}];
    if constexpr (!std::is_same_v<DB, NoBias>)
        for (int o = 0; o < Filters; ++o)
            of_bias[o] = E(scalar_of<E>(0));
    for (int i = from; i < end; ++i) {
        const auto* in = x.data() + std::ptrdiff_t{c0} * xs.plane +
                         std::ptrdiff_t{i * k.row_stride + u0 * k.row_dilation - k.top} * xs.row +
                         (v0 * k.column_dilation - k.left);
        const auto* out = dz.data() + std::ptrdiff_t{o0} * zs.plane + std::ptrdiff_t{i} * zs.row;
        for (int j = 0; j < zs.width; ++j, in += k.column_stride, ++out) {
            E g[std::size_t{Filters}];
#pragma GCC unroll 32
            for (int o = 0; o < Filters; ++o)
                g[o] = out[std::ptrdiff_t{o} * zs.plane];
            if constexpr (!std::is_same_v<DB, NoBias>) {
#pragma GCC unroll 32
                for (int o = 0; o < Filters; ++o)
                    of_bias[o] += g[o];
            }
#pragma GCC unroll 32
            for (int t = 0; t < taps; ++t) {
                const E a =
                    in[t / (Rows * Columns) * std::ptrdiff_t{xs.plane} +
                       t / Columns % Rows * (k.row_dilation * xs.row) + t % Columns * k.column_dilation];
#pragma GCC unroll 32
                for (int o = 0; o < Filters; ++o)
                    add_product(sum[t][o], a, g[o]);
            }
        }
    }
    T total[std::size_t{taps * Filters}];
    if constexpr (lanes_of < E >> 1)
        lane_sums(&sum[0][0], taps * Filters, static_cast<T*>(total));
    else
        for (int t = 0; t < taps * Filters; ++t)
            total[t] = lane_sum(sum[t / Filters][t % Filters]);
    for (int t = 0; t < taps; ++t) {
        const int c = c0 + t / (Rows * Columns), u = u0 + t / Columns % Rows, v = v0 + t % Columns;
        T* const to = dw + ((std::ptrdiff_t{c} * k.rows + u) * k.columns + v) * F + o0;
        for (int o = 0; o < Filters; ++o)
            accumulate(to[o], total[t * Filters + o], overwrite);
    }
    if constexpr (!std::is_same_v<DB, NoBias>)
        for (int o = 0; o < Filters; ++o)
            accumulate(db[o0 + o], lane_sum(of_bias[o]), overwrite);
}

/// The rows of dz that are gone through together: all, or, of a 1x1 kernel, as many as lie in the second
/// cache with the rows of x that they meet. Its tiles read a vector of memory for two or three FMAs, and all
/// planes again and again.
template <class X, class DZ, class K>
[[nodiscard]] constexpr int rows_of_block() noexcept {
    constexpr long long cache = 512 << 10, rows = DZ::layout::height;
    constexpr long long bytes = sizeof(typename DZ::element) * rows *
                                (1LL * X::layout::channels * K::row_stride * X::layout::row +
                                 1LL * DZ::layout::channels * DZ::layout::row);
    constexpr long long blocks =
        K::rows * K::columns > 1 || bytes <= 2 * cache ? 1 : (bytes + cache - 1) / cache;
    return static_cast<int>((rows + blocks - 1) / blocks);
}

/// Adds to dw and db, or overwrites them, of one group, whose filters are some of F.
template <class X, class DZ, class K, class T, class DB>
constexpr void conv_gradient_of_group(X x, DZ dz, T* dw, DB db, int F, K k, bool overwrite) noexcept {
    constexpr int C = X::layout::channels, filters = DZ::layout::channels, H = DZ::layout::height;
    constexpr TapTile tile = best_tap_tile(C, K::rows, K::columns, filters);
    // Numbers, because g++ 12 fails on a member that lambdas within lambdas ask for.
    constexpr int planes = tile.channels, rows = tile.rows, columns = tile.columns, outputs = tile.filters;
    constexpr int block = rows_of_block<X, DZ, K>();
    for (int i = 0; i < H; i += block) {
        const int end = block < H - i ? i + block : H;
        const bool first = overwrite && i == 0;
        cover<C, planes>([&](int c0, auto c) {
            for (int u0 = 0; u0 < K::rows; u0 += rows)
                cover<K::columns, columns>([&](int v0, auto v) {
                    cover<filters, outputs>([&](int o0, auto o) {
                        if (c0 == 0 && u0 == 0 && v0 == 0)
                            conv_tap_gradients<c, rows, v, o>(x, dz, dw, db, F, k, c0, u0, v0, o0, i, end,
                                                              first);
                        else
                            conv_tap_gradients<c, rows, v, o>(x, dz, dw, NoBias{}, F, k, c0, u0, v0, o0, i,
                                                              end, first);
                    });
                });
        });
    }
}

/// Adds to dw and db, or overwrites them. x: C,H,W with a halo of the padding; dz: F,H',W'; dw: C/G,KH,KW,F;
/// db: F, or `NoBias`.
template <class X, class DZ, class K, class T, class DB>
constexpr void conv_parameter_gradient(X x, DZ dz, T* dw, DB db, K k, bool overwrite) noexcept {
    conv_parameter_gradient_by_numbers(ByNumbers{}, x, dz, dw, db, k, overwrite);
}
template <class X, class DZ, class K, class T, class DB>
    requires ConstantExtents<DZ>
constexpr void conv_parameter_gradient(X x, DZ dz, T* dw, DB db, K k, bool overwrite) noexcept {
    has_effects();
    constexpr int C = X::layout::channels, F = DZ::layout::channels, G = K::groups;
    if constexpr (K::rows * K::columns * G == 1 &&
                  pointwise_gradient_pays(lanes_of<typename DZ::element>, C, F))
        pointwise_parameter_gradient(x, dz, dw, db, k, overwrite);
    else if constexpr (G == 1)
        conv_gradient_of_group(x, dz, dw, db, F, k, overwrite);
    else
        for (int g = 0; g < G; ++g)
            conv_gradient_of_group(share_of_channels<C / G>(x, g * (C / G), C / G),
                                   share_of_channels<F / G>(dz, g * (F / G), F / G), dw + g * (F / G),
                                   db + g * (F / G), F, k, overwrite);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
