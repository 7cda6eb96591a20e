// One sample at a time, with extents known at run time. These are not the kernels for constant extents: there
// images are channels-last, and tiles of several rows are constants; here images are in planes, which every
// other function takes, too, and a convolution, with output channels in lanes, puts its results into planes
// by transposing blocks. Whole vectors may be read and written beyond the end of a buffer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/depthwise_by_numbers.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/row_vectors.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/pack.hpp>

#include <array>
#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// A vector of biases from output o on: zeros if there are none.
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> biases_at(MaybeBias<T> b, int o) noexcept {
    if (b.biases == nullptr)
        return pack<T>(T(0));
    return pack<T>::load(b.biases + o);
}

/// Pixels whose results are kept on the stack.
inline constexpr int most_pixels_of_run = 64;

/// What a row of a convolution runs over.
struct OneRow {
    int planes, rows, columns, filters;
    std::ptrdiff_t x_plane, x_row, x_column; // from a tap to the next
    std::ptrdiff_t x_pixel;                  // from a result's first tap to the next one's
    int count;                               // results
};

/// `Vectors` vectors of filters at all places of a row, `Pixels` at a time: line[o * count + j].
/// `Stride` is 1, or 0 where it is known only at run time.
template <int Vectors, int Pixels, int Stride, class T>
void one_conv_row(const T* x, const T* w, MaybeBias<T> b, const OneRow& row, pack<T>* line) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    const std::ptrdiff_t x_pixel = Stride > 0 ? Stride : row.x_pixel;
    const int F = row.filters;
    for (int k = 0; k < tiles(row.count, Pixels); ++k) {
        const int j0 = overlapped(k, Pixels, row.count);
        pack<T> sum[std::size_t{Vectors}][std::size_t{Pixels}];
#pragma GCC unroll 32
        for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                sum[o][p] = biases_at(b, o * L);
        const T* taps = w;
        for (int c = 0; c < row.planes; ++c)
            for (int u = 0; u < row.rows; ++u) {
                const T* in = x + j0 * x_pixel + c * row.x_plane + u * row.x_row;
                for (int v = 0; v < row.columns; ++v, in += row.x_column, taps += F) {
                    pack<T> weight[std::size_t{Vectors}];
#pragma GCC unroll 32
                    for (int o = 0; o < Vectors; ++o)
                        weight[o] = pack<T>::load(taps + o * L);
#pragma GCC unroll 32
                    for (int p = 0; p < Pixels; ++p)
#pragma GCC unroll 32
                        for (int o = 0; o < Vectors; ++o)
                            add_product(sum[o][p], weight[o], in[p * x_pixel]);
                }
            }
#pragma GCC unroll 32
        for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                line[o * row.count + j0 + p] = sum[o][p];
    }
}

/// The number of filters' vectors and of pixels that are computed at a time, and the kernel for them. Where
/// pixels are apart, each takes an address.
template <class T>
struct OneTile {
    static constexpr int L = native_lanes<T>;
    static constexpr int most_pixels = vector_registers >= 32 ? 14 : 10;
    static constexpr int most_pixels_of_two = vector_registers >= 32 ? 12 : 6;
    static constexpr int most_strided = 4;

    using Row = void (*)(const T*, const T*, MaybeBias<T>, const OneRow&, pack<T>*) noexcept;
    template <int Vectors, int Stride, int Most>
    static constexpr auto rows = with_indices<Most>([](auto... p) {
        return std::array<Row, std::size_t{Most}>{&one_conv_row<Vectors, p + 1, Stride, T>...};
    });

    int vectors;
    Row row;

    OneTile(int filters, int stride, int columns) noexcept : vectors{filters / L >= 2 ? 2 : 1} {
        const int most = stride > 1 ? most_strided : vectors == 2 ? most_pixels_of_two : most_pixels;
        // The fewest tiles, all about the same.
        const auto pixels = static_cast<std::size_t>(tiles(columns, tiles(columns, most)) - 1);
        if (stride == 1)
            row = vectors == 2 ? rows<2, 1, most_pixels_of_two>[pixels] : rows<1, 1, most_pixels>[pixels];
        else
            row = vectors == 2 ? rows<2, 0, most_strided>[pixels] : rows<1, 0, most_strided>[pixels];
    }
};

/// `count` vectors of channels, from `channel` on, into planes: those of pixels that follow each other from
/// row i and column j0 on, in this row or in several whole ones.
template <class T, class Y, class Epilogue>
inline void put_into_planes(const pack<T>* line, const Y& y, int channel, int i, int j0, int count,
                            Epilogue& f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    const auto& g = y.geometry();
    T planes[std::size_t{L}][std::size_t{most_pixels_of_run + L}]; // read by whole vectors
    for (int t = 0; t < tiles(count, L); ++t) {
        const int j = count > L ? overlapped(t, L, count) : 0, last = count - 1 - j;
        typename pack<T>::vector block[std::size_t{L}];
#pragma GCC unroll 16
        for (int k = 0; k < L; ++k)
            block[k] = line[j + (k < last ? k : last)].v;
        transpose<L>(block);
#pragma GCC unroll 16
        for (int c = 0; c < L; ++c)
            pack<T>(block[c]).store(planes[c] + j);
    }
    const int columns = count < g.width ? count : g.width;
    for (int c = 0; c < L && channel + c < g.channels; ++c)
        put_into_rows<1>(planes[c], columns, 1, count / columns, columns, y, channel + c, i, j0,
                         y.at(channel + c, g.height, 0), f);
}

/// Of one group, whose filters are some of F. Rows without anything between them are one run, because they
/// may be shorter than a tile.
template <class X, class T, class Y, class Epilogue>
inline void conv_of_group_by_numbers(X x, const T* w, MaybeBias<T> b, int F, Y y, RunTimeWindow k,
                                     Epilogue f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>, most = most_pixels_of_run;
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    const bool joined = k.is(1, 1) && xs.row == ys.width && 2 * ys.width <= most;
    const int filters = ys.channels, width = ys.width, parts = tiles(width, most);
    const int columns = tiles(width, parts), most_rows = joined ? most / width : 1;
    pack<T> line[std::size_t{2 * most}];
    for (int i = 0; i < ys.height; i += most_rows) {
        const int rows = most_rows < ys.height - i ? most_rows : ys.height - i, count = rows * columns;
        const OneTile<T> tile{filters, k.column_stride, count};
        const int span = tile.vectors * L;
        const OneRow row{xs.channels,       k.rows,          k.columns, F, xs.plane, xs.row * k.row_dilation,
                         k.column_dilation, k.column_stride, count};
        for (int part = 0; part < parts; ++part) {
            const int j0 = overlapped(part, columns, width);
            const T* const from =
                x.data() + xs.at(0, i * k.row_stride - k.top, j0 * k.column_stride - k.left);
            for (int t = 0; t < tiles(filters, span); ++t) {
                const int o = filters > span ? overlapped(t, span, filters) : 0;
                tile.row(from, w + o, b + o, row, line);
                for (int v = 0; v < tile.vectors; ++v)
                    put_into_planes(line + v * count, y, o + v * L, i, j0, count, f);
            }
        }
        if (!joined) // else rows are so short that they are finished together
            for (int o = 0; o < filters; ++o)
                finish_row(f, y, o, i);
    }
}

/// `conv` of one sample. The epilogue's values are packs of neighbouring columns. Filters are taken one or
/// two vectors at a time; the last vectors overlap those before, and where there are fewer filters than
/// lanes, lanes beyond hold nonsense.
template <class X, class T, class Y, class Epilogue>
inline void conv_by_numbers(ByNumbers, X x, const T* w, const T* b, Y y, RunTimeWindow k,
                            Epilogue f) noexcept {
    const int F = y.geometry().channels, filters = F / k.groups, planes = x.geometry().channels / k.groups;
    if (k.groups > 1 && planes == 1 && filters < native_lanes<T>) // too few for lanes
        return depthwise_conv_by_numbers(x, w, MaybeBias<T>{b}, y, k, f);
    for (int g = 0; g < k.groups; ++g) {
        const int o0 = g * filters;
        conv_of_group_by_numbers(share_of_channels<0>(x, g * planes, planes), w + o0, MaybeBias<T>{b} + o0, F,
                                 share_of_channels<0>(y, o0, filters), k, OfFilters<Epilogue, Y>{f, y, o0});
    }
}

/// `Tile` outputs, each a sum over lanes of products: y(o) = b(o) + w(o, .) x.
template <int Tile, class T>
void one_dense_tile(const T* x, const T* w, const T* b, T* y, int inputs) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    pack<T> sum[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o)
        sum[o] = T(0);
    int i = 0;
    for (; i + L <= inputs; i += L) {
        const pack<T> in = pack<T>::load(x + i);
#pragma GCC unroll 32
        for (int o = 0; o < Tile; ++o)
            add_product(sum[o], in, pack<T>::load(w + std::ptrdiff_t{o} * inputs + i));
    }
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o) {
        T result = lane_sum(sum[o]);
        if (b != nullptr)
            result = b[o] + result;
        for (int k = i; k < inputs; ++k)
            result += w[std::ptrdiff_t{o} * inputs + k] * x[k];
        y[o] = result;
    }
}

/// `dense` of one sample.
template <class X, class T, class Y, class Epilogue>
inline void dense_by_numbers(ByNumbers, X x, const T* w, const T* b, Y y, Epilogue f) noexcept {
    has_effects();
    static constexpr auto kernel =
        with_indices<8>([](auto... i) { return std::array{&one_dense_tile<i + 1, T>...}; });
    // The fewest tiles of at most eight, all about the same.
    const int O = y.size, I = x.size, tile = tiles(O, tiles(O, 8));
    for (int t = 0; t < tiles(O, tile); ++t) {
        const int o = overlapped(t, tile, O);
        T* const results = y.data() + o;
        kernel[static_cast<std::size_t>(tile - 1)](x.data(), w + std::ptrdiff_t{o} * I,
                                                   b == nullptr ? b : b + o, results, I);
        for (int r = 0; r < tile; ++r)
            results[r] = f(results[r], o + r, 0, 0);
    }
    finish_row(f, y, 0, 0);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
