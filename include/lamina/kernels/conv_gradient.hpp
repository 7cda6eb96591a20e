// Convolution backward, from dz, the gradient of the sums:
//     dw(c, u, v, o) += sum over i, j of  x(c, i S + u D - P, j S + v D - P) * dz(o, i, j)
//     db(o)          += sum over i, j of  dz(o, i, j)
//     dx(c, y, x)     = sum over o, u, v of  w(c, u, v, o) * dz(o, (y + P - u D) / S, (x + P - v D) / S),
//     where S divides
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
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
/// in all; the template arguments are its size. Of the filters' gradients, which it reads, it makes those of
/// their biases, too, if `db` is no `NoBias`.
template <int Channels, int Rows, int Columns, int Filters, class X, class DZ, class K, class T, class DB>
constexpr void conv_tap_gradients(X x, DZ dz, T* dw, DB db, std::ptrdiff_t F, K k, int c0, int u0, int v0,
                                  int o0, bool overwrite) noexcept {
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
    for (int i = 0; i < zs.height; ++i) {
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
    for (int t = 0; t < taps; ++t) {
        const int c = c0 + t / (Rows * Columns), u = u0 + t / Columns % Rows, v = v0 + t % Columns;
        T* const to = dw + ((std::ptrdiff_t{c} * k.rows + u) * k.columns + v) * F + o0;
        for (int o = 0; o < Filters; ++o)
            accumulate(to[o], lane_sum(sum[t][o]), overwrite);
    }
    if constexpr (!std::is_same_v<DB, NoBias>)
        for (int o = 0; o < Filters; ++o)
            accumulate(db[o0 + o], lane_sum(of_bias[o]), overwrite);
}

/// Adds to dw and db, or overwrites them, of one group, whose filters are some of F.
template <class X, class DZ, class K, class T, class DB>
constexpr void conv_gradient_of_group(X x, DZ dz, T* dw, DB db, int F, K k, bool overwrite) noexcept {
    constexpr int C = X::layout::channels, filters = DZ::layout::channels;
    constexpr TapTile tile = best_tap_tile(C, K::rows, K::columns, filters);
    // Numbers, because g++ 12 fails on a member that lambdas within lambdas ask for.
    constexpr int planes = tile.channels, rows = tile.rows, columns = tile.columns, outputs = tile.filters;
    cover<C, planes>([&](int c0, auto c) {
        for (int u0 = 0; u0 < K::rows; u0 += rows)
            cover<K::columns, columns>([&](int v0, auto v) {
                cover<filters, outputs>([&](int o0, auto o) {
                    if (c0 == 0 && u0 == 0 && v0 == 0)
                        conv_tap_gradients<c, rows, v, o>(x, dz, dw, db, F, k, c0, u0, v0, o0, overwrite);
                    else
                        conv_tap_gradients<c, rows, v, o>(x, dz, dw, NoBias{}, F, k, c0, u0, v0, o0,
                                                          overwrite);
                });
            });
    });
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
    if constexpr (G == 1)
        conv_gradient_of_group(x, dz, dw, db, F, k, overwrite);
    else
        for (int g = 0; g < G; ++g)
            conv_gradient_of_group(share_of_channels<C / G>(x, g * (C / G), C / G),
                                   share_of_channels<F / G>(dz, g * (F / G), F / G), dw + g * (F / G),
                                   db + g * (F / G), F, k, overwrite);
}

/// Along an axis: the taps u with (q - u D) / S a whole number that is at least 0 and at most `last`, of the
/// element q = position + P of dx. They are `first`, `first` + `step`, ...
struct TapsThatMeet {
    int first = 0, count = 0, step = 1;

    constexpr TapsThatMeet(int q, int taps, int stride, int dilation, int last) noexcept {
        int u = 0;
        while (u < stride && (q - u * dilation) % stride != 0)
            ++u;
        if (u == stride)
            return; // none is a whole number
        while (step * dilation % stride != 0)
            ++step;
        for (; u < taps && q - u * dilation > stride * last;)
            u += step;
        first = u;
        const int end = q / dilation < taps - 1 ? q / dilation : taps - 1;
        count = u <= end ? (end - u) / step + 1 : 0;
    }
};

/// The columns that dz needs before its first one and behind its last, filled with zeros: how far the input
/// gradient reads beyond. (It leaves out rows that do not meet dz.) `outputs` is the width of dz.
[[nodiscard]] constexpr pad gradient_halo(int inputs, int outputs, int taps, int stride, int dilation,
                                          int padding) noexcept {
    // dz(j) meets tap v of dx(p) where j stride = p + padding - v dilation. The last tap that meets one
    // reaches furthest to the left, the first one to the right.
    pad halo;
    for (int v = taps - 1, missed_by; v * dilation - padding >= stride; v -= 1 + (missed_by - 1) / dilation) {
        const int before = v * dilation - padding;
        missed_by = before % stride - inputs + 1; // dx has no p where the stride divides: it is so far away
        if (missed_by <= 0) {
            halo.left = before / stride;
            break;
        }
    }
    for (int v = 0, missed_by; v < taps; v += 1 + (missed_by - 1) / dilation) {
        const int last = inputs - 1 + padding - v * dilation;
        missed_by = last % stride - inputs + 1;
        if (missed_by <= 0 || last / stride < outputs) {
            halo.right = last / stride < outputs ? 0 : last / stride - (outputs - 1);
            break;
        }
    }
    return halo;
}

/// The columns q = x + P with q mod S = `Phase`, which have the same taps.
template <class K, Store How, int Phase, class DZ, class T, class B, class DX, class Epilogue>
constexpr void conv_input_gradient_columns(DZ dz, const T* w, int F, B b, DX dx, Epilogue f) noexcept {
    has_effects();
    using E = typename DX::element;
    using ZL = typename DZ::layout;
    using XL = typename DX::layout;
    constexpr int C = XL::channels, S = K::column_stride, P = K::left;
    constexpr int first = P + (Phase + S - P % S) % S; // the class's first q
    constexpr int end = P + XL::width;
    constexpr int columns = first < end ? (end - first + S - 1) / S : 0;
    // Far from every border, so that only the kernel limits them.
    constexpr TapsThatMeet v(Phase + S * K::columns * K::column_dilation, K::columns, S, K::column_dilation,
                             Phase + K::columns * K::column_dilation);
    if constexpr (columns > 0) {
        constexpr Tile tile = best_tile(C, columns, 16, 8);
        for (int y = 0; y < XL::height; ++y) {
            const int q = y + K::top;
            const TapsThatMeet u(q, K::rows, K::row_stride, K::row_dilation, ZL::height - 1);
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
                            sum[c][p] = bias_at<E>(b, c0 + c);
                    for (int n = 0, row = u.first; n < u.count; ++n, row += u.step) {
                        for (int o = 0; o < ZL::channels; ++o) {
                            const auto* g =
                                dz.data() + ZL::at(o, (q - row * K::row_dilation) / K::row_stride,
                                                   (first - v.first * K::column_dilation) / S + j0);
                            const auto* weight =
                                w + ((std::ptrdiff_t{c0} * K::rows + row) * K::columns + v.first) * F + o;
#pragma GCC unroll 8
                            for (int tap = 0; tap < v.count; ++tap) {
                                E in[std::size_t{tile.columns}];
#pragma GCC unroll 32
                                for (int p = 0; p < tile.columns; ++p)
                                    in[p] = g[p - tap * (v.step * K::column_dilation / S)];
#pragma GCC unroll 32
                                for (int c = 0; c < tile.rows; ++c)
#pragma GCC unroll 32
                                    for (int p = 0; p < tile.columns; ++p)
                                        add_product(sum[c][p], in[p],
                                                    weight[(c * K::rows * K::columns + tap * v.step) * F]);
                            }
                        }
                    }
#pragma GCC unroll 32
                    for (int c = 0; c < tile.rows; ++c)
#pragma GCC unroll 32
                        for (int p = 0; p < tile.columns; ++p)
                            if (const int x = first - P + (j0 + p) * S; c >= had_rows && p >= had_columns)
                                store<How>(dx(c0 + c, y, x), f(sum[c][p], c0 + c, y, x));
                }
            }
        }
    }
}

/// Overwrites dx with f(b(c) + the sums, c, y, x), or adds it to dx. dz: F,H',W' with a halo of
/// `gradient_halo` zeros; w: C/G,KH,KW,F; b: C, or `NoBias`; dx: C,H,W.
template <Store How = Store::overwrite, class DZ, class T, class DX, ConstantWindow K, class B = NoBias,
          class Epilogue = AsItIs>
constexpr void conv_input_gradient(DZ dz, const T* w, DX dx, K, B b = {}, Epilogue f = {}) noexcept {
    constexpr int C = DX::layout::channels, F = DZ::layout::channels, G = K::groups;
    for_each_index<K::column_stride>([&](auto phase) {
        if constexpr (G == 1)
            conv_input_gradient_columns<K, How, phase>(dz, w, F, b, dx, f);
        else
            for (int g = 0; g < G; ++g)
                conv_input_gradient_columns<K, How, phase>(share_of_channels<F / G>(dz, g * (F / G), F / G),
                                                           w + g * (F / G), F, b + g * (C / G),
                                                           share_of_channels<C / G>(dx, g * (C / G), C / G),
                                                           OfFilters<Epilogue, DX>{f, dx, g * (C / G)});
    });
}
/// The same with extents known at run time, of the weight that `prepare_conv_weight` has prepared. `f` may
/// have `finish_row(dx, c, i)`.
template <Store How = Store::overwrite, class DZ, class T, class DX, class Epilogue = AsItIs>
inline void conv_input_gradient(DZ dz, const T* prepared, DX dx, RunTimeWindow k, Epilogue f = {}) noexcept {
    conv_input_gradient_by_numbers<How>(ByNumbers{}, dz, prepared, dx, k, f);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
