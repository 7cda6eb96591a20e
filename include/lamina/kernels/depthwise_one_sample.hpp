// Depthwise convolution of one sample, channels-last: a vector holds the channels of a pixel, and so do its
// weights.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::one {

/// The inputs of the filters from o on, of a pixel: each channel has `Multiplier` filters.
template <int Multiplier, class T>
[[nodiscard, gnu::always_inline]] inline pack<T> inputs_of_filters(const T* pixel, int o) noexcept {
    if constexpr (Multiplier == 1) {
        return pack<T>::load(pixel + o);
    } else {
        pack<T> in = T(0);
        for (int k = 0; k < native_lanes<T>; ++k)
            in.set(k, pixel[(o + k) / Multiplier]);
        return in;
    }
}

/// How many pixels of a row are computed at a time: as many as hide the latency of FMAs and share a weight.
[[nodiscard]] constexpr int depthwise_pixels(int columns) noexcept {
    const int most = vector_registers >= 32 ? 14 : 8;
    return tiles(columns, tiles(columns, most));
}

/// Depthwise convolution with an epilogue `f(sums, o, i, j)` of a pack, as that of `conv`.
template <class K, class X, class T, class B, class Y, class Epilogue>
inline void depthwise_conv(X x, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using P = pack<T>;
    using XL = typename X::layout;
    using YL = typename Y::layout;
    constexpr int L = native_lanes<T>, F = YL::channels, M = F / XL::channels;
    constexpr int span = span_of_row(YL::width), pixels = depthwise_pixels(span);
    for (int t = 0; t < tiles(F, L); ++t) {
        const int o = vector_start(t, L, F);
        for (int i = 0; i < YL::height; ++i)
            for (int part = 0; part < tiles(YL::width, span); ++part) {
                const int c0 = overlapped(part, span, YL::width);
                P line[std::size_t{span}];
                for (int n = 0; n < tiles(span, pixels); ++n) {
                    const int j0 = overlapped(n, pixels, span);
                    const T* const from = x.data() + XL::at(0, i * K::row_stride - K::top,
                                                            (c0 + j0) * K::column_stride - K::left);
                    P sum[std::size_t{pixels}];
#pragma GCC unroll 16
                    for (int p = 0; p < pixels; ++p)
                        sum[p] = biases_at<T>(b, o);
                    for (int u = 0; u < K::rows; ++u)
#pragma GCC unroll 8
                        for (int v = 0; v < K::columns; ++v) {
                            const P weight = P::load(w + std::ptrdiff_t{u * K::columns + v} * F + o);
                            const T* tap =
                                from + u * (K::row_dilation * XL::row) + v * (K::column_dilation * XL::pixel);
#pragma GCC unroll 16
                            for (int p = 0; p < pixels; ++p)
                                add_product(
                                    sum[p], weight,
                                    inputs_of_filters<M>(tap + p * (K::column_stride * XL::pixel), o));
                        }
#pragma GCC unroll 16
                    for (int p = 0; p < pixels; ++p)
                        line[j0 + p] = f(sum[p], o, i, c0 + j0 + p);
                }
                put_row<span>(y, o, i, c0, line);
            }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
