// The gradient of a convolution's input, from dz, the gradient of the sums:
//     dx(c, y, x) = sum over o, u, v of  w(c, u, v, o) * dz(o, (y + P - u D) / S, (x + P - v D) / S),
//     where S divides
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/shape.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

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
        constexpr Tile tile = best_tile(C, columns, 16, 8, 1, loads_of_pixel(v.count));
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
