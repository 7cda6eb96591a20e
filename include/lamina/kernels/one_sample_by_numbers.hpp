// One sample at a time, with extents known at run time. These are not the kernels for constant extents: there
// images are channels-last, and tiles of several rows are constants; here images are in planes, which every
// other function takes, too, and a convolution, with output channels in lanes, puts its results into planes
// by transposing blocks. Whole vectors may be read and written beyond the end of a buffer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/pack.hpp>

#include <array>
#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The first `count` lanes, and nothing beyond them.
template <class T>
[[gnu::always_inline]] inline void store_some(const pack<T>& p, T* to, int count) noexcept {
    T all[std::size_t{native_lanes<T>}];
    p.store(all);
    const T* from = all;
#pragma GCC unroll 8
    for (int piece = native_lanes<T> / 2; piece >= 1; piece /= 2)
        if ((count & piece) != 0) {
            __builtin_memcpy(to, from, static_cast<std::size_t>(piece) * sizeof(T));
            to += piece;
            from += piece;
        }
}

/// A vector of biases from output o on: zeros if there are none.
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> biases_at(MaybeBias<T> b, int o) noexcept {
    if (b.biases == nullptr)
        return pack<T>(T(0));
    return pack<T>::load(b.biases + o);
}

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

/// `count` vectors of channels, from `channel` on, into the planes of row i, from column j0 on.
template <class T, class Y, class Epilogue>
inline void put_into_planes(const pack<T>* line, const Y& y, int channel, int i, int j0, int count,
                            Epilogue f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    const auto g = y.geometry();
    const int left = g.channels - channel, channels = left < L ? left : L;
    for (int t = 0; t < tiles(count, L); ++t) {
        const int j = count > L ? overlapped(t, L, count) : 0, some = count < L ? count : L;
        typename pack<T>::vector block[std::size_t{L}];
        if (channels == L && some == L) { // all stay in registers
#pragma GCC unroll 16
            for (int k = 0; k < L; ++k)
                block[k] = line[j + k].v;
            transpose<L>(block);
#pragma GCC unroll 16
            for (int c = 0; c < L; ++c)
                f(pack<T>(block[c]), channel + c, i, j0 + j).store(y.at(channel + c, i, j0 + j));
            continue;
        }
        for (int k = 0; k < L; ++k)
            block[k] = line[j + (k < some ? k : 0)].v;
        transpose<L>(block);
        // Rows below are written later, so whole vectors may reach into them.
        const bool whole = some == L || (y.flat && i * g.width + j0 + j + L <= g.height * g.width);
        for (int c = 0; c < channels; ++c) {
            const pack<T> result = f(pack<T>(block[c]), channel + c, i, j0 + j);
            T* const to = y.at(channel + c, i, j0 + j);
            if (whole)
                result.store(to);
            else
                store_some(result, to, some);
        }
    }
}

/// Of one group, whose filters are some of F.
template <class X, class T, class Y, class Epilogue>
inline void conv_of_group_by_numbers(X x, const T* w, MaybeBias<T> b, int F, Y y, RunTimeWindow k,
                                     Epilogue f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>, most = 64; // columns whose results are kept on the stack
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    const int filters = ys.channels, parts = tiles(ys.width, most), columns = tiles(ys.width, parts);
    const OneTile<T> tile{filters, k.column_stride, columns};
    const int span = tile.vectors * L;
    pack<T> line[std::size_t{2 * most}];
    for (int i = 0; i < ys.height; ++i) {
        for (int part = 0; part < parts; ++part) {
            const int j0 = overlapped(part, columns, ys.width);
            const OneRow row{
                xs.channels,       k.rows,          k.columns, F, xs.plane, xs.row * k.row_dilation,
                k.column_dilation, k.column_stride, columns};
            const T* const from =
                x.data() + xs.at(0, i * k.row_stride - k.top, j0 * k.column_stride - k.left);
            for (int t = 0; t < tiles(filters, span); ++t) {
                const int o = filters > span ? overlapped(t, span, filters) : 0;
                tile.row(from, w + o, b + o, row, line);
                for (int v = 0; v < tile.vectors; ++v)
                    put_into_planes(line + v * columns, y, o + v * L, i, j0, columns, f);
            }
        }
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

/// Every second number of two neighbouring vectors, from number `First` on.
template <std::size_t First, class T, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline pack<T> every_second(const pack<T>& a, const pack<T>& b,
                                                              std::index_sequence<I...>) noexcept {
    if constexpr (pack<T>::lanes == 1)
        return First == 0 ? a : b;
    else
        return __builtin_shufflevector(a.v, b.v, static_cast<int>(2 * I + First)...);
}

/// A row of pooling over windows of 2 x 2 that tile the image. Rows are read by whole vectors, and may be so
/// beyond their end. They are written so where what follows is written later.
template <class X, class Y, class Join, class Finish>
inline void halve(const X& x, const Y& y, Join join, Finish finish, int c, int i) noexcept {
    has_effects();
    using T = typename Y::element;
    constexpr int L = native_lanes<T>;
    constexpr std::make_index_sequence<std::size_t{L}> lanes{};
    const int width = y.geometry().width;
    for (int j = 0; j < width; j += L) {
        const T* above = x.at(c, 2 * i, 2 * j);
        const auto half = [&](const T* row) __attribute__((always_inline)) {
            const pack<T> a = pack<T>::load(row), b = pack<T>::load(row + L);
            return join(every_second<0>(a, b, lanes), every_second<1>(a, b, lanes));
        };
        const pack<T> result = finish(join(half(above), half(above + x.geometry().row)), c, i, j);
        if (width - j >= L || (y.flat && y.geometry().at(c, i, j) + L <= y.size))
            result.store(y.at(c, i, j));
        else
            store_some(result, y.at(c, i, j), width - j);
    }
}

/// Pooling of one sample: `join` combines two values of a window, `finish(value, cells, c, i, j)` turns the
/// combined value of so many into the result; `f` may have `finish_row`.
template <class X, class Y, class Join, class Finish, class Epilogue>
inline void pool_by_numbers(ByNumbers, X x, Y y, RunTimeWindow w, Join join, Finish finish,
                            Epilogue f) noexcept {
    has_effects();
    using T = typename Y::element;
    const auto g = x.geometry();
    const auto ys = y.geometry();
    const WindowsOfAxis rows = windows_of_rows(w, g, ys), columns = windows_of_columns(w, g, ys);
    const bool halves = w.is(2, 2) && are_all_whole(w, g, ys);
    for (int c = 0; c < ys.channels; ++c)
        for (int i = 0; i < ys.height; ++i) {
            if (halves) {
                halve(
                    x, y, join,
                    [&](auto value, auto... index)
                        __attribute__((always_inline)) { return finish(value, 4, index...); },
                    c, i);
            } else {
                const int u0 = rows.first_tap(i), u1 = rows.last_tap(i);
                for (int j = 0; j < ys.width; ++j) {
                    const int v0 = columns.first_tap(j), v1 = columns.last_tap(j);
                    const T* from = x.at(c, rows.start(i) + u0, columns.start(j) + v0);
                    T value = from[0];
                    for (int v = 1; v < v1 - v0; ++v)
                        value = join(value, from[v]);
                    for (int u = 1; u < u1 - u0; ++u)
                        for (int v = 0; v < v1 - v0; ++v)
                            value = join(value, from[u * g.row + v]);
                    y(c, i, j) = finish(value, (u1 - u0) * (v1 - v0), c, i, j);
                }
            }
            if (!y.flat)
                finish_row(f, y, c, i);
        }
    if (y.flat) // at once: rows may be shorter than a vector
        finish_row(f, flattened(y), 0, 0);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
