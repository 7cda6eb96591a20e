// Depthwise convolution of one sample with extents known at run time. Images are in planes, so a vector holds
// neighbouring results of a channel. Whole vectors may be read beyond the end of a buffer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/row_vectors.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The sums of a filter, one of F, at `Vectors` vectors of neighbouring positions of its channel.
template <int Vectors, class T>
[[gnu::always_inline]] inline void depthwise_sums(const T* x, std::ptrdiff_t x_row, const T* w, int F, T bias,
                                                  const RunTimeWindow& k, T* sums) noexcept {
    using P = pack<T>;
    P sum[std::size_t{Vectors}];
#pragma GCC unroll 4
    for (int n = 0; n < Vectors; ++n)
        sum[n] = bias;
    for (int u = 0; u < k.rows; ++u) {
        const T* tap = x + u * k.row_dilation * x_row;
#pragma GCC unroll 3
        for (int v = 0; v < k.columns; ++v, tap += k.column_dilation, w += F)
#pragma GCC unroll 4
            for (int n = 0; n < Vectors; ++n)
                add_product(sum[n], P::load(tap + n * P::lanes), *w);
    }
#pragma GCC unroll 4
    for (int n = 0; n < Vectors; ++n)
        sum[n].store(sums + n * P::lanes);
}

/// `conv` whose filters see one channel each. The epilogue's values are packs of neighbouring columns. Sums
/// are computed at every column, whatever the stride, and where rows of windows are neighbours, in one run
/// over several rows with all that lies between them: rows may be much shorter than a vector.
template <class X, class T, class Y, class Epilogue>
inline void depthwise_conv_by_numbers(X x, const T* w, MaybeBias<T> b, Y y, RunTimeWindow k,
                                      Epilogue f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>, most = 1024; // sums of a run
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    const int F = ys.channels, S = k.column_stride, width = ys.width;
    const int columns = (most - 1) / S + 1 < width ? (most - 1) / S + 1 : width;
    const int pitch = static_cast<int>(xs.row);
    const int more_rows = k.row_stride == 1 && columns == width ? (most - 1 - (width - 1) * S) / pitch : 0;
    T sums[std::size_t{most + 2 * L}] = {};
    T* const end = y.at(F - 1, ys.height, 0);
    for (int o = 0; o < F; ++o) {
        const T bias = bias_at<T>(b, o);
        for (int i0 = 0; i0 < ys.height; i0 += more_rows + 1) {
            const int rows = more_rows < ys.height - i0 ? more_rows + 1 : ys.height - i0;
            for (int j0 = 0; j0 < width; j0 += columns) {
                const int count = columns < width - j0 ? columns : width - j0;
                const int length = (rows - 1) * pitch + (count - 1) * S + 1;
                const T* const from =
                    x.data() + xs.at(o / (F / xs.channels), i0 * k.row_stride - k.top, j0 * S - k.left);
                int n = 0;
                for (; n + 3 * L < length; n += 4 * L)
                    depthwise_sums<4>(from + n, xs.row, w + o, F, bias, k, sums + n);
                if (n + L < length) {
                    depthwise_sums<2>(from + n, xs.row, w + o, F, bias, k, sums + n);
                    n += 2 * L;
                }
                if (n < length)
                    depthwise_sums<1>(from + n, xs.row, w + o, F, bias, k, sums + n);
                const auto put = [&](auto stride) {
                    put_into_rows<stride>(sums, pitch, S, rows, count, y, o, i0, j0, end, f);
                };
                S == 1   ? put(std::integral_constant<int, 1>{})
                : S == 2 ? put(std::integral_constant<int, 2>{})
                         : put(std::integral_constant<int, 0>{});
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
