// Kernels for one sample, with output channels in lanes. Images are channels-last, so a vector holds the
// channels of a pixel. If there are fewer channels than lanes, the other lanes hold meaningless numbers that
// the next pixel overwrites; buffers and parameters have room for them at their end.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::one {

/// The largest number of pixels of a row whose results are kept on the stack until all their vectors are
/// computed, however wide the image is.
[[nodiscard]] constexpr int span_of_row(int columns) noexcept {
    return columns < 64 ? columns : 64;
}

/// Writes `Columns` pixels of row i from column j0 on, each a vector of channels from `channel` on. Lanes
/// beyond channel `end` mean nothing; `Lanes`, if it is not 0, is how many are written. If y is in planes, it
/// transposes them in blocks.
template <int Columns, int Lanes = 0, class Y, class T>
[[gnu::always_inline]] inline void put_row(Y y, int channel, int i, int j0, pack<T>* row,
                                           [[maybe_unused]] int end = channels<typename Y::shape>) noexcept {
    constexpr int L = native_lanes<T>;
    if constexpr (Y::order == Order::channels_last && Lanes > 0) {
        for (int j = 0; j < Columns; ++j)
            __builtin_memcpy(&y(channel, i, j0 + j), &row[j], Lanes * sizeof(T));
    } else if constexpr (Y::order == Order::channels_last) {
        for (int j = 0; j < Columns; ++j)
            row[j].store(&y(channel, i, j0 + j));
    } else {
        const int count = end - channel < L ? end - channel : L;
        for_each_index<tiles(Columns, L)>([&](auto block) {
            constexpr int j = block * L, n = Columns - j < L ? Columns - j : L;
            typename pack<T>::vector lanes[std::size_t{L}];
#pragma GCC unroll 16
            for (int k = 0; k < L; ++k)
                lanes[k] = vector_or_zero(&row[j], k, n);
            transpose<L>(lanes);
            for (int k = 0; k < count; ++k)
                __builtin_memcpy(&y(channel + k, i, j0 + j), &lanes[k], n * sizeof(T));
        });
    }
}

/// The first channel of the o-th vector of a group. The last vector overlaps the one before, so that it does
/// not reach beyond all `channels`.
[[nodiscard, gnu::always_inline]] constexpr int vector_start(int o, int lanes, int channels) noexcept {
    return channels >= lanes && o * lanes > channels - lanes ? channels - lanes : o * lanes;
}

/// A vector of biases from output o on.
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> biases_at(const T* b, int o) noexcept {
    return pack<T>::load(b + o);
}
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> biases_at(NoBias, int) noexcept {
    return pack<T>(T(0));
}

/// Computes the sums of `Vectors` vectors of filters, of `Filters` in the group and `AllFilters` in all, at
/// `Pixels` positions; position k is `offset(k)` elements from x.
template <int Vectors, int Pixels, class XLayout, int Channels, class K, int Filters, int AllFilters, class T,
          class B, class Offset>
[[gnu::always_inline]] inline void
conv_sums(const T* x, const T* w, B b, Offset offset,
          pack<T> (&sum)[std::size_t{Vectors}][std::size_t{Pixels}]) noexcept {
    constexpr int L = native_lanes<T>;
#pragma GCC unroll 32
    for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            sum[o][p] = biases_at<T>(b, vector_start(o, L, Filters));
    for (int u = 0; u < K::rows; ++u) {
        for (int v = 0; v < K::columns; ++v) {
            const T* tap =
                x + u * (K::row_dilation * XLayout::row) + v * (K::column_dilation * XLayout::pixel);
            const T* weights = w + (u * K::columns + v) * AllFilters;
            // g++ would carry numbers from one tap to the next in registers it does not have: hide that they
            // are the same.
            asm("" : "+r"(tap));
#pragma GCC unroll 4
            for (int c = 0; c < Channels; ++c) {
                pack<T> weight[std::size_t{Vectors}];
#pragma GCC unroll 32
                for (int o = 0; o < Vectors; ++o)
                    weight[o] = pack<T>::load(weights + c * (K::rows * K::columns * AllFilters) +
                                              vector_start(o, L, Filters));
#pragma GCC unroll 32
                for (int p = 0; p < Pixels; ++p)
#pragma GCC unroll 32
                    for (int o = 0; o < Vectors; ++o)
                        add_product(sum[o][p], weight[o], tap[c + offset(p)]);
            }
        }
    }
}

/// The block that is computed at a time: pixels (or windows) of a row, or several rows if they are short, and
/// for each of them vectors of filters.
struct PixelTile {
    int rows;
    int columns;
    int vectors;
};

/// The block that takes the fewest cycles for all `vectors` of filters at rows x columns windows of `area`
/// pixels.
[[nodiscard]] constexpr PixelTile conv_tile(int vectors, int rows, int columns, int area) noexcept {
    PixelTile best{1, 1, 1};
    long long best_cost = -1;
    for (int v = 1; v <= vectors && v <= 4; ++v) {
        for (int c = 1; c <= columns; ++c) {
            for (int r = 1; r == 1 || (c == columns && r <= rows); ++r) {
                const int pixels = r * c * area, fmas = v * pixels, loads = v + pixels;
                if (fmas + v + 1 > vector_registers)
                    break;
                int step = fmas > loads ? fmas : loads;
                step = (step > 8 ? step : 8) + v; // weights come from beyond the first cache
                const long long cost = 1LL * tiles(vectors, v) * tiles(rows, r) * tiles(columns, c) * step;
                if (best_cost < 0 || cost <= best_cost) {
                    best_cost = cost;
                    best = {r, c, v};
                }
            }
        }
    }
    return best;
}

/// What an epilogue adds to sums of type E: the element of r at the same indices, or the pack of channels (or
/// outputs) from there on. Lanes beyond the last of them mean nothing.
template <class E, class R, class... Index>
[[nodiscard, gnu::always_inline]] constexpr E element_at(R r, int o, Index... index) noexcept {
    if constexpr (std::is_same_v<E, typename R::element>) {
        return r(o, index...);
    } else if constexpr (R::order == Order::channels_last) {
        return E::load(&r(o, index...));
    } else {
        constexpr int all = R::shape::extents[0];
        if constexpr (R::shape::rank == 1)
            if (o + E::lanes <= all)
                return E::load(&r(o));
        E e = E(scalar_of<E>(0));
        for (int k = 0; k < E::lanes && o + k < all; ++k)
            e.set(k, r(o + k, index...));
        return e;
    }
}

/// In place of a column's index: a pack holds the pixels of a row from there on.
struct Columns {
    int first;
};
/// What an epilogue adds to such a pack.
template <class E, class R>
[[nodiscard, gnu::always_inline]] inline E element_at(R r, int o, int i, Columns columns) noexcept {
    constexpr int all = R::layout::width;
    if constexpr (R::order == Order::planes)
        if (columns.first + E::lanes <= all)
            return E::load(&r(o, i, columns.first));
    E e = E(scalar_of<E>(0));
    for (int k = 0; k < E::lanes && columns.first + k < all; ++k)
        e.set(k, r(o, i, columns.first + k));
    return e;
}
template <class E, class R>
[[nodiscard, gnu::always_inline]] inline E element_at(R r, int o, Columns columns) noexcept {
    return element_at<E>(as_image(r), o, 0, columns);
}

/// Convolution of the g-th group, and with `Size` > 1 the maximum of each Size x Size window.
template <class K, int Size, class X, class T, class B, class Y, class Epilogue>
[[gnu::always_inline]] inline void conv_of_group(X x, const T* w, B b, Y y, int g, Epilogue f) noexcept {
    using P = pack<T>;
    using XL = typename X::layout;
    constexpr int L = native_lanes<T>, C = channels<typename X::shape> / K::groups;
    constexpr int all = channels<typename Y::shape>, F = all / K::groups, rows = height<typename Y::shape>,
                  columns = width<typename Y::shape>;
    constexpr int area = Size * Size, SI = K::row_stride, SJ = K::column_stride;
    constexpr PixelTile tile = conv_tile(tiles(F, L), rows, columns, area);
    constexpr int V = tile.vectors, span = V * L, across = tile.columns, places = tile.rows * across;
    constexpr int span_columns = span_of_row(columns);
    constexpr int lanes = K::groups > 1 && F < L ? F : 0; // the channels behind are those of another group

    for (int fo = 0; fo < tiles(F, span); ++fo) {
        const int o0 = g * F + (F > span ? overlapped(fo, span, F) : 0);
        for (int it = 0; it < tiles(rows, tile.rows); ++it) {
            const int i0 = overlapped(it, tile.rows, rows);
            for (int part = 0; part < tiles(columns, span_columns); ++part) {
                const int c0 = overlapped(part, span_columns, columns);
                P lines[std::size_t{V}][std::size_t{tile.rows}][std::size_t{span_columns}];
                for (int t = 0; t < tiles(span_columns, across); ++t) {
                    const int j0 = overlapped(t, across, span_columns);
                    P sum[std::size_t{V}][std::size_t{places * area}];
                    conv_sums<V, places * area, XL, C, K, F, all>(
                        x.data() + g * C +
                            XL::at(0, i0 * Size * SI - K::top, (c0 + j0) * Size * SJ - K::left),
                        w + o0, b + o0, [](int p) __attribute__((always_inline)) {
                            const int i = p / area / across * Size + p % area / Size,
                                      j = p / area % across * Size + p % Size;
                            return i * SI * XL::row + j * SJ * XL::pixel;
                        },
                        sum);
#pragma GCC unroll 32
                    for (int p = 0; p < places; ++p)
#pragma GCC unroll 32
                        for (int o = 0; o < V; ++o) {
                            P best = sum[o][p * area];
#pragma GCC unroll 16
                            for (int k = 1; k < area; ++k)
                                best = (max)(best, sum[o][p * area + k]);
                            lines[o][p / across][j0 + p % across] =
                                f(best, o0 + vector_start(o, L, F), i0 + p / across, c0 + j0 + p % across);
                        }
                }
                for (int o = 0; o < V; ++o)
                    for (int r = 0; r < tile.rows; ++r)
                        put_row<span_columns, lanes>(y, o0 + vector_start(o, L, F), i0 + r, c0, lines[o][r],
                                                     (g + 1) * F);
            }
        }
    }
}

/// Convolution, and with `Size` > 1 the maximum of each Size x Size window, with an epilogue
/// `f(sums, o, i, j)` of a pack: the result's channels from o on at pixel i, j. It may be called twice for a
/// result, so it must not read y.
template <class K, int Size, class X, class T, class B, class Y, class Epilogue>
inline void conv(X x, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    for (int g = 0; g < K::groups; ++g)
        conv_of_group<K, Size>(x, w, b, y, g, f);
}

/// Pooling of vectors of channels: `join` combines two values of a window, `finish(value, cells)` turns the
/// combined value of so many into the result.
template <class W, class X, class Y, class Join, class Finish>
inline void pool(X x, Y y, Join join, Finish finish) noexcept {
    has_effects();
    using T = typename Y::element;
    constexpr int L = native_lanes<T>, C = channels<typename Y::shape>, places = W::rows * W::columns;
    constexpr int columns = width<typename Y::shape>, span = span_of_row(columns);
    constexpr WindowsOfAxis down = windows_of_rows(W{}, x.geometry(), y.geometry()),
                            across = windows_of_columns(W{}, x.geometry(), y.geometry());
    constexpr bool whole = down.are_all_whole() && across.are_all_whole();
    for (int t = 0; t < tiles(C, L); ++t) {
        const int c = C > L ? overlapped(t, L, C) : 0;
        for (int i = 0; i < height<typename Y::shape>; ++i) {
            for (int part = 0; part < tiles(columns, span); ++part) {
                const int j0 = overlapped(part, span, columns);
                pack<T> line[std::size_t{span}];
                for (int j = 0; j < span; ++j) {
                    const int row = down.start(i), column = across.start(j0 + j);
                    if constexpr (whole) {
                        pack<T> value = pack<T>::load(&x(c, row, column));
                        for (int k = 1; k < places; ++k)
                            value = join(value,
                                         pack<T>::load(&x(c, row + k / W::columns, column + k % W::columns)));
                        line[j] = finish(value, places);
                    } else {
                        const int u0 = down.first_tap(i), u1 = down.last_tap(i);
                        const int v0 = across.first_tap(j0 + j), v1 = across.last_tap(j0 + j);
                        pack<T> value = pack<T>::load(&x(c, row + u0, column + v0));
                        for (int u = u0; u < u1; ++u)
                            for (int v = u == u0 ? v0 + 1 : v0; v < v1; ++v)
                                value = join(value, pack<T>::load(&x(c, row + u, column + v)));
                        line[j] = finish(value, (u1 - u0) * (v1 - v0));
                    }
                }
                put_row<span>(y, c, i, j0, line);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
