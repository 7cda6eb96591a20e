// Convolution of one sample by few filters: its image is in planes, and a vector holds neighbouring pixels of
// a row. With channels in lanes, most lanes would be empty.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::one {

/// The part of a row that is computed at a time: so many results, each of `size` pixels, which is more than 1
/// for a max pool; and so many vectors of pixels. The last vector overlaps the one before.
struct PartOfRow {
    int results, size, vectors, lanes;

    [[nodiscard]] constexpr int pixels() const noexcept {
        return results * size > lanes ? results * size : lanes;
    }
    /// Which lane of all vectors holds a pixel.
    [[nodiscard]] constexpr int lane(int pixel) const noexcept {
        const int vector = pixel / lanes < vectors ? pixel / lanes : 0; // else its result is not stored
        return vector * lanes + (pixel - overlapped(vector, lanes, pixels())) % lanes;
    }
};
/// The parts that take the fewest vectors for a row of so many results of `filters`, which registers can
/// hold.
[[nodiscard]] constexpr PartOfRow part_of_row(int filters, int results, int size, int lanes) noexcept {
    PartOfRow best{};
    const int fewest = tiles(size, lanes); // that hold the pixels of a result
    for (int v = fewest, least = 0; v <= (size > 1 ? size : most_sums / filters); ++v) {
        const int most = v * lanes / size, n = most < results ? most : results, all = tiles(results, n) * v;
        if (n < results && n * size < lanes) // the last part's vector would reach beyond the row
            continue;
        if (best.vectors == 0 || all < least || (all == least && n * size > best.pixels())) {
            least = all;
            best = {n, size, v, lanes};
        }
    }
    return best;
}

/// Whether so few filters take less time with pixels in lanes, by a fifth at least: rows of so many pixels
/// fill their lanes better than the filters.
[[nodiscard]] constexpr bool are_few_filters(int filters, int pixels, int lanes) noexcept {
    if (pixels < lanes || 2 * filters > lanes)
        return false;
    const PartOfRow part = part_of_row(filters, pixels, 1, lanes);
    return 5LL * filters * tiles(pixels, part.results) * part.vectors <= 4LL * pixels;
}

/// Sums of F filters at `Vectors` places: p is `place(p)` numbers from x, the first tap.
template <class K, class XLayout, int F, int Vectors, class T, class B, class Place>
[[gnu::always_inline]] inline void
sums_of_pixels(const T* x, const T* w, B b, Place place,
               pack<T> (&sum)[std::size_t{F}][std::size_t{Vectors}]) noexcept {
#pragma GCC unroll 16
    for (int o = 0; o < F; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Vectors; ++p)
            sum[o][p] = bias_at<pack<T>>(b, o);
    for (int c = 0; c < XLayout::channels; ++c)
        for (int u = 0; u < K::rows; ++u, w += K::columns * F) {
            const T* row = x + c * XLayout::plane + u * (K::row_dilation * XLayout::row);
#pragma GCC unroll 8
            for (int v = 0; v < K::columns; ++v) {
                pack<T> in[std::size_t{Vectors}];
#pragma GCC unroll 32
                for (int p = 0; p < Vectors; ++p)
                    in[p] = pack<T>::load(row + v * K::column_dilation + place(p));
#pragma GCC unroll 16
                for (int o = 0; o < F; ++o)
#pragma GCC unroll 32
                    for (int p = 0; p < Vectors; ++p)
                        add_product(sum[o][p], in[p], w[v * F + o]);
            }
        }
}

/// The `Which`-th pixel of each result of a part of a row.
template <PartOfRow Part, int Which, class T, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline pack<T> pixel_of_each(const pack<T>* vectors,
                                                               std::index_sequence<I...>) noexcept {
    constexpr int two = 2 * Part.lanes;
    typename pack<T>::vector some = __builtin_shufflevector(vectors[0].v, vectors[Part.vectors > 1 ? 1 : 0].v,
                                                            (Part.lane(int{I} * Part.size + Which) % two)...);
    if constexpr (Part.vectors == 3)
        some = __builtin_shufflevector(some, vectors[2].v,
                                       (Part.lane(int{I} * Part.size + Which) < two
                                            ? int{I}
                                            : Part.lane(int{I} * Part.size + Which) - Part.lanes)...);
    return some;
}

/// Pixels of F channels side by side, of a vector in which each has N.
template <int N, int F, class V, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline V without_gaps(V v, std::index_sequence<I...>) noexcept {
    constexpr int pixels = int{sizeof...(I)} / N;
    return __builtin_shufflevector(v, v, (int{I} / F < pixels ? int{I} / F * N + int{I} % F : 0)...);
}

/// Writes `Count` pixels of row i from column j on; there is a vector of each channel. What is behind them is
/// written later, because rows and their parts come in order, or it is halo, which its reader fills before it
/// reads, or room for the rest of a vector.
template <int Count, class Y, class T, std::size_t Channels>
[[gnu::always_inline]] inline void put_pixels(Y y, int i, int j, const pack<T> (&of)[Channels]) noexcept {
    constexpr int L = native_lanes<T>, F = int{Channels};
    if constexpr (Y::order == Order::planes) {
        using YL = typename Y::layout;
        const bool ends_in_plane = Count == L || (YL::height - 1 - i) * YL::row + YL::width - j >= L;
#pragma GCC unroll 16
        for (int o = 0; o < F; ++o)
            if (ends_in_plane)
                of[o].store(&y(o, i, j));
            else
                __builtin_memcpy(&y(o, i, j), &of[o].v, Count * sizeof(T));
    } else {
        static_assert(F <= 8);
        constexpr int N = F > 4 ? 8 : F > 2 ? 4 : F, at_once = L / N;
        typename pack<T>::vector pixels[std::size_t{N}];
#pragma GCC unroll 16
        for (int o = 0; o < N; ++o)
            pixels[o] = vector_or_zero(&of[0], o, F);
        transpose<N, L>(pixels);
#pragma GCC unroll 16
        for (int k = 0; k < N; ++k)
            if (k * at_once < Count)
                pack<T>(without_gaps<N, F>(pixels[k], std::make_index_sequence<std::size_t{L}>{}))
                    .store(&y(0, i, j + k * at_once));
    }
}

/// How many rows are computed at a time: whole rows as registers can hold, so that they are written in order;
/// with a max pool, those of a window or one.
[[nodiscard]] constexpr int rows_in_registers(int filters, int rows, int columns, PartOfRow part) noexcept {
    const int most = most_sums / (filters * part.vectors);
    if (part.size > 1)
        return most >= part.size ? part.size : 1;
    return part.results < columns || most < 1 ? 1 : most < rows ? most : rows;
}

/// `conv` of an image in planes with a stride of 1 and one group, for filters that `are_few_filters` on the
/// rows before a max pool. The epilogue's packs are of neighbouring pixels: f(sums, o, i, Columns{j}).
template <class K, int Size, class X, class T, class B, class Y, class Epilogue>
inline void conv_of_few_filters(X x, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using P = pack<T>;
    using XL = typename X::layout;
    static_assert(X::order == Order::planes && K::row_stride == 1 && K::column_stride == 1 && K::groups == 1);
    constexpr int L = native_lanes<T>, F = channels<typename Y::shape>, rows = height<typename Y::shape>,
                  columns = width<typename Y::shape>;
    constexpr PartOfRow part = part_of_row(F, columns, Size, L);
    constexpr int V = part.vectors, pixels = part.pixels(), R = rows_in_registers(F, rows, columns, part);
    constexpr int step = Size > 1 ? 1 : R;
    constexpr std::make_index_sequence<std::size_t{L}> lanes{};
    const auto place = [](int vector) __attribute__((always_inline)) {
        return vector / V * XL::row + overlapped(vector % V, L, pixels);
    };
    const auto sums = [&](int i, int j, P(&sum)[std::size_t{F}][std::size_t{R * V}])
        __attribute__((always_inline)) {
        sums_of_pixels<K, XL, F, R * V>(x.data() + XL::at(0, i - K::top, j - K::left), w, b, place, sum);
    };
    for (int it = 0; it < tiles(rows, step); ++it) {
        const int i0 = overlapped(it, step, rows);
        for (int t = 0; t < tiles(columns, part.results); ++t) {
            const int j0 = overlapped(t, part.results, columns);
            P result[std::size_t{F}];
            if constexpr (Size == 1) {
                P sum[std::size_t{F}][std::size_t{R * V}];
                sums(i0, j0, sum);
#pragma GCC unroll 32
                for (int p = 0; p < R * V; ++p) {
                    const int i = i0 + p / V, j = j0 + overlapped(p % V, L, pixels);
#pragma GCC unroll 16
                    for (int o = 0; o < F; ++o)
                        result[o] = f(sum[o][p], o, i, Columns{j});
                    put_pixels<L>(y, i, j, result);
                }
            } else {
                for_each_index<Size / R>([&](auto block) __attribute__((always_inline)) {
                    P sum[std::size_t{F}][std::size_t{R * V}];
                    sums(i0 * Size + block * R, j0 * Size, sum);
#pragma GCC unroll 16
                    for (int o = 0; o < F; ++o)
                        for_each_index<R * Size>([&](auto k) __attribute__((always_inline)) {
                            const P some = pixel_of_each<part, k % Size>(&sum[o][k / Size * V], lanes);
                            result[o] = block == 0 && k == 0 ? some : (max)(result[o], some);
                        });
                });
#pragma GCC unroll 16
                for (int o = 0; o < F; ++o)
                    result[o] = f(result[o], o, i0, Columns{j0});
                put_pixels<part.results>(y, i0, j0, result);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
