// Winograd's algorithm F(4x4, 3x3) for convolutions with a kernel of 3x3 and strides of 1: of each tile of
// 4x4 results it takes 36 products for a channel and a filter instead of 144. With x a tile of 6x6 inputs, g
// the kernel and y the results,
//     y = A^T [(G g G^T) * (B^T x B)] A,     * element by element, summed over the channels,
// where the transforms are those of polynomials at the points 0, +-1/sqrt(2), +-sqrt(2) and infinity. With
// these, the squares 1/2 and 2, their product and their sum are exact; docs/limits.md has the rounding
// errors. Source: Lavin & Gray, arXiv:1509.09308; points: Barabasz et al., arXiv:1803.10986. Each transform
// is that of winograd_transforms.hpp along one axis, then along the other.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/winograd_transforms.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::winograd {

inline constexpr int edge = 4, span = 6, positions = span * span; ///< of a tile: results, inputs, products

/// How many filters and tiles the products are computed of at a time.
inline constexpr int filters_at_once = vector_registers >= 32 ? 8 : 4, tiles_at_once = 2;

/// At least `extent` elements of so many bytes apart, and an odd number of cache lines: with a power of two,
/// all 36 that a transform stores would meet in one set of the first cache.
[[nodiscard]] constexpr std::ptrdiff_t apart(std::ptrdiff_t extent, int bytes) noexcept {
    const int line = 64 / bytes;
    return ((extent + line - 1) / line / 2 * 2 + 1) * line;
}

/// The transformed weights U(e, f / R, c, f mod R) of R filters at a time: what the products read runs
/// through memory. `w` has element (c, t, o) at c * channel + t * tap + o * filter.
template <class T>
struct Weights {
    const T* w;
    std::ptrdiff_t channel, tap, filter;
};

/// The filters whose weights are transformed at a time, a multiple of `step` or all: `step` filters, or more
/// of at most 128 x 128 kernels, 2.4 MB of floats, because others would come from memory.
[[nodiscard]] constexpr int filters_of_block(int C, int F, int step) noexcept {
    const int fit = 128 * 128 / C / step * step, parts = tiles(F, fit > step ? fit : step);
    return parts == 1 ? F : tiles(tiles(F, parts), step) * step;
}

/// From those of a position to those of the next.
[[nodiscard]] constexpr std::ptrdiff_t weights_apart(int R, int C, int F, int bytes) noexcept {
    return apart(std::ptrdiff_t{tiles(F, R)} * C * R, bytes);
}
template <int R, int N = span, class T>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void transform_weights(Weights<T> from, int C, int F, T* u) noexcept {
    using V = typename detail::vector_of<T, R>::type;
    const std::ptrdiff_t position = weights_apart(R, C, F, sizeof(T));
    for (int ft = 0; ft < tiles(F, R); ++ft) {
        const T* w = from.w + overlapped(ft, R, F) * from.filter;
        for (int c = 0; c < C; ++c, w += from.channel, u += R) {
            V rows[3][std::size_t{N}];
#pragma GCC unroll 3
            for (int j = 0; j < 3; ++j) {
                V g[3] = {}, column[std::size_t{N}];
#pragma GCC unroll 3
                for (int i = 0; i < 3; ++i) {
                    const T* const taps = w + (i * 3 + j) * from.tap;
                    if (from.filter == 1)
                        __builtin_memcpy(&g[i], taps, sizeof(V));
                    else
#pragma GCC unroll 16
                        for (int k = 0; k < R; ++k)
                            g[i][k] = taps[k * from.filter];
                }
                of_weights(g, column);
#pragma GCC unroll 6
                for (int i = 0; i < N; ++i)
                    rows[j][i] = column[i];
            }
#pragma GCC unroll 6
            for (int i = 0; i < N; ++i) {
                const V row[3] = {rows[0][i], rows[1][i], rows[2][i]};
                V r[std::size_t{N}];
                of_weights(row, r);
#pragma GCC unroll 6
                for (int j = 0; j < N; ++j)
                    __builtin_memcpy(u + (i * N + j) * position, &r[j], sizeof(V));
            }
        }
    }
}

/// A tile of inputs and the 36 positions of its transform, where pixels are vectors: `row[i]` begins where
/// its rows do, position e is at e * slot.
template <class V>
struct TileOfVectors {
    const V* const (&row)[6];
    V* to;
    std::ptrdiff_t slot;

    [[nodiscard, gnu::always_inline]] V operator()(int i, int j) const noexcept { return row[i][j]; }
    [[gnu::always_inline]] void put(int e, V v) const noexcept { to[e * slot] = v; }
};

/// B^T x B of a tile: reads x(i, j) and calls x.put(position, value).
template <class V, class Tile>
LAMINA_WHOLE_PACKS [[gnu::always_inline]] inline void transform_tile(Tile x) noexcept {
    using T = scalar_in<V>;
    // Row by row, so that few values live at a time.
    const auto put = [&](int i, const V(&t)[6]) __attribute__((always_inline)) {
        V r[6];
        to_products(t, r);
#pragma GCC unroll 6
        for (int j = 0; j < 6; ++j)
            x.put(i * 6 + j, r[j]);
    };
    V t[6], s[6];
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j)
        t[j] = (x(2, j) * T(-2.5) + x(4, j)) + x(0, j);
    put(0, t);
    has_effects();
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
        const V even = x(2, j) * T(-2) + x(4, j), odd = x(1, j) * T(-2) + x(3, j);
        t[j] = odd * a<T> + even;
        s[j] = odd * -a<T> + even;
    }
    put(1, t);
    put(2, s);
    has_effects();
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j) {
        const V even = x(2, j) * T(-0.5) + x(4, j), odd = x(1, j) * T(-0.5) + x(3, j);
        t[j] = odd * b<T> + even;
        s[j] = odd * -b<T> + even;
    }
    put(3, t);
    put(4, s);
    has_effects();
#pragma GCC unroll 6
    for (int j = 0; j < 6; ++j)
        t[j] = (x(3, j) * T(-2.5) + x(5, j)) + x(1, j);
    put(5, t);
}

/// An image in planes: `at` is the first element of the first row. Rows below `from` and from `to` on are
/// zeros that are not stored.
template <class V>
struct Image {
    const V* at;
    std::ptrdiff_t plane, row;
    int from, to;
};
/// The tiles of `rows` x `columns` results. The last of each row and of each column overlaps the one before.
struct Tiles {
    int rows, columns;

    [[nodiscard]] constexpr int across() const noexcept { return tiles(columns, edge); }
    [[nodiscard]] constexpr int count() const noexcept { return tiles(rows, edge) * across(); }
    [[nodiscard]] constexpr int row(int tile) const noexcept {
        return overlapped(tile / across(), edge, rows);
    }
    [[nodiscard]] constexpr int column(int tile) const noexcept {
        return overlapped(tile % across(), edge, columns);
    }
};

/// The transforms of `count` tiles, from number `first` on, of all channels. The result at row i and column j
/// reads inputs from there on.
template <class V>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void transform_inputs(Image<V> x, int channels, Tiles all, int first,
                                                           int count, V* to, std::ptrdiff_t slot) noexcept {
    static constexpr V zeros[6] = {};
    for (int s = 0; s < count; ++s) {
        const int i = all.row(first + s);
        const V* plane = x.at + i * x.row + all.column(first + s);
        for (int c = 0; c < channels; ++c, plane += x.plane) {
            const V* rows[6];
#pragma GCC unroll 6
            for (int r = 0; r < 6; ++r)
                rows[r] = i + r >= x.from && i + r < x.to ? plane + r * x.row : &zeros[0];
            transform_tile<V>(TileOfVectors<V>{rows, to + c * count + s, slot});
        }
    }
}

/// m(f, s) = sum over c of u(f, c) v(c, s), of one position and S tiles.
template <int R, int S, class V, class T>
[[gnu::always_inline]] inline void products(const V* v, const T* u, V* m, int C, int F) noexcept {
    for (int ft = 0; ft < tiles(F, R); ++ft, u += std::ptrdiff_t{C} * R) {
        V sum[std::size_t{R}][std::size_t{S}];
#pragma GCC unroll 32
        for (int o = 0; o < R; ++o)
#pragma GCC unroll 32
            for (int s = 0; s < S; ++s)
                sum[o][s] = V{};
        const V* in = v;
        const T* weight = u;
#pragma GCC unroll 2
        for (int c = 0; c < C; ++c, in += S, weight += R) {
            V own[std::size_t{S}];
#pragma GCC unroll 32
            for (int s = 0; s < S; ++s)
                own[s] = in[s];
#pragma GCC unroll 32
            for (int o = 0; o < R; ++o)
#pragma GCC unroll 32
                for (int s = 0; s < S; ++s)
                    sum[o][s] = own[s] * weight[o] + sum[o][s];
        }
        V* const to = m + overlapped(ft, R, F) * S;
#pragma GCC unroll 32
        for (int o = 0; o < R; ++o)
#pragma GCC unroll 32
            for (int s = 0; s < S; ++s)
                to[o * S + s] = sum[o][s];
    }
}
/// Of all positions. What they read is at slots 1 to 36; what they write, at 0 to 35, so that both take
/// little memory.
template <int R, int S, class V, class T>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void all_products(V* memory, std::ptrdiff_t slot, const T* u, int C,
                                                       int F) noexcept {
    const std::ptrdiff_t position = weights_apart(R, C, F, sizeof(T));
    for (int e = 0; e < positions; ++e)
        products<R, S>(memory + (e + 1) * slot, u + e * position, memory + e * slot, C, F);
}

/// A^T m A of a tile.
template <std::size_t Edge, class V, class M>
[[gnu::always_inline]] inline void results_of_tile(M m, std::ptrdiff_t slot, V (&y)[Edge][Edge]) noexcept {
    constexpr int E = int{Edge}, N = E + 2;
    V rows[Edge][Edge + 2];
#pragma GCC unroll 6
    for (int j = 0; j < N; ++j) {
        V column[Edge + 2], r[Edge];
#pragma GCC unroll 6
        for (int i = 0; i < N; ++i)
            column[i] = m[(i * N + j) * slot];
        to_results(column, r);
#pragma GCC unroll 4
        for (int i = 0; i < E; ++i)
            rows[i][j] = r[i];
    }
#pragma GCC unroll 4
    for (int i = 0; i < E; ++i)
        to_results(rows[i], y[i]);
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
