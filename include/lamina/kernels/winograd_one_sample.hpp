// Convolutions of one sample by Winograd's algorithm (winograd.hpp), with channels in lanes and weights that
// were transformed before. Where those of F(4x4, 3x3) would come from beyond the second cache, F(2x2, 3x3)
// has fewer of them.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/winograd.hpp>
#include <lamina/kernels/winograd_transforms.hpp>
#include <lamina/pack.hpp>
#include <lamina/shape.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::winograd {

/// A convolution of one sample: the edge of its tiles, 4 or 2, and in numbers what lies where: transformed
/// weights U(e, f / L, c, f mod L) of L lanes, and room for the tiles that are computed at a time.
struct OneSample {
    int C, F, tile, at_once;
    std::ptrdiff_t position, slot;

    [[nodiscard]] constexpr int count() const noexcept { return (tile + 2) * (tile + 2); }
    [[nodiscard]] constexpr std::ptrdiff_t weights() const noexcept { return count() * position; }
    [[nodiscard]] constexpr std::ptrdiff_t room() const noexcept { return (count() + 1) * slot; }

    constexpr OneSample(int C_, int F_, int tile_, int all, int lanes, int bytes) noexcept
        : C{C_}, F{F_}, tile{tile_}, at_once{1}, position{weights_apart(lanes, C_, F_, bytes)}, slot{} {
        while (at_once < (vector_registers >= 32 ? 8 : 4) && 2 * at_once <= all)
            at_once *= 2;
        slot = apart(std::ptrdiff_t{C > F ? C : F} * at_once, bytes);
    }
};
[[nodiscard]] constexpr int count_of_tiles(const dims& out, int tile) noexcept {
    return tile == 0 ? 0 : tiles(out.extent[1], tile) * tiles(out.extent[2], tile);
}
/// The edge of the tiles that take the least time, by an eighth at least; 0 if none. In multiply-adds at the
/// peak: weights beyond 1 MB come from beyond the second cache, at about 16 bytes a cycle, others at 48.
[[nodiscard]] constexpr int tile_of_one_sample(const dims& in, const dims& out) noexcept {
    constexpr int lanes = native_lanes<float>;
    if (lanes < 4 || in.extent[0] < (lanes > 8 ? lanes : 8) || out.extent[0] < (lanes > 8 ? lanes : 8))
        return 0;
    const long long C = in.extent[0], H = out.extent[1], W = out.extent[2];
    const long long F = 1LL * tiles(out.extent[0], lanes) * lanes,
                    all_lanes = 1LL * tiles(in.extent[0], lanes) * lanes + F;
    const auto cost = [&](long long numbers, long long uses) { // of reading weights, and of multiplying them
        const long long read = numbers * lanes / (numbers > 262'144 ? 2 : 6);
        return numbers * uses > read ? numbers * uses : read;
    };
    int best = 0;
    long long least = 7 * cost(9 * C * F, H * W) / 8;
    for (int tile = 4; tile >= 2; tile -= 2)
        if (H >= tile && W >= tile) {
            const long long all = count_of_tiles(out, tile), count = (tile + 2) * (tile + 2);
            const long long own = cost(count * C * F, all) + all * (tile == 4 ? 225 : 70) * all_lanes;
            if (own < least) {
                least = own;
                best = tile;
            }
        }
    return best;
}

/// A vector of channels at any address.
template <class V>
struct Channels {
    const scalar_in<V>* at;

    [[nodiscard, gnu::always_inline]] V operator[](std::ptrdiff_t i) const noexcept {
        V v;
        __builtin_memcpy(&v, at + i, sizeof(V));
        return v;
    }
};
/// A tile of an image in pixels, as `TileOfVectors`.
template <class V>
struct TileOfPixels {
    Channels<V> x;
    std::ptrdiff_t row, pixel;
    scalar_in<V>* to;
    std::ptrdiff_t slot;

    [[nodiscard, gnu::always_inline]] V operator()(int i, int j) const noexcept {
        return x[i * row + j * pixel];
    }
    [[gnu::always_inline]] void put(int e, V v) const noexcept {
        __builtin_memcpy(to + e * slot, &v, sizeof(V));
    }
};
/// B^T x B of a tile of F(2x2, 3x3), as `transform_tile`.
template <class V, class Tile>
[[gnu::always_inline]] inline void transform_small_tile(Tile x) noexcept {
    V rows[4][4];
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
        const V column[4] = {x(0, j), x(1, j), x(2, j), x(3, j)};
        V r[4];
        to_products(column, r);
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
            rows[i][j] = r[i];
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        V r[4];
        to_products(rows[i], r);
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j)
            x.put(i * 4 + j, r[j]);
    }
}

/// The transforms of `count` tiles of x, whose pixels have C channels: position e of tile s begins at
/// e * slot + s * C.
template <int Edge, class T>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void transform_pixels(const T* x, std::ptrdiff_t row, int C, Tiles all,
                                                           int first, int count, T* to,
                                                           std::ptrdiff_t slot) noexcept {
    using V = typename pack<T>::vector;
    constexpr int L = native_lanes<T>;
    for (int s = first; s < first + count; ++s, to += C) {
        const T* const corner =
            x + overlapped(s / tiles(all.columns, Edge), Edge, all.rows) * row +
            std::ptrdiff_t{C} * overlapped(s % tiles(all.columns, Edge), Edge, all.columns);
        for (int k = 0; k < tiles(C, L); ++k) {
            const int c = overlapped(k, L, C);
            const TileOfPixels<V> tile{{corner + c}, row, C, to + c, slot};
            if constexpr (Edge == 4)
                transform_tile<V>(tile);
            else
                transform_small_tile<V>(tile);
        }
    }
}

/// How many vectors of filters are computed at a time, of R tiles: sums, weights and an input fill at most
/// all registers.
[[nodiscard]] constexpr int vectors_at_once(int vectors, int R) noexcept {
    int best = 1;
    for (int s = 2; s <= 4 && s * (R + 1) < vector_registers; ++s)
        if (tiles(vectors, s) * s <= tiles(vectors, best) * best)
            best = s;
    return best;
}

/// m(s, f) = sum over c of u(f, c) v(s, c), of one position and R tiles, S vectors of filters at a time.
template <int R, int S, class T>
[[gnu::always_inline]] inline void products_of_pixels(const T* v, const T* u, T* m, int C, int F) noexcept {
    using V = typename pack<T>::vector;
    constexpr int L = native_lanes<T>;
    const int vectors = tiles(F, L);
    const std::ptrdiff_t block = std::ptrdiff_t{C} * L;
    for (int k = 0; k < tiles(vectors, S); ++k) {
        const int o = overlapped(k, S, vectors);
        const T* weights = u + o * block;
        V sum[std::size_t{R}][std::size_t{S}];
#pragma GCC unroll 32
        for (int s = 0; s < R; ++s)
#pragma GCC unroll 32
            for (int q = 0; q < S; ++q)
                sum[s][q] = V{};
#pragma GCC unroll 2
        for (int c = 0; c < C; ++c, weights += L) {
            V own[std::size_t{S}];
#pragma GCC unroll 32
            for (int q = 0; q < S; ++q)
                own[q] = Channels<V>{weights}[q * block];
#pragma GCC unroll 32
            for (int s = 0; s < R; ++s)
#pragma GCC unroll 32
                for (int q = 0; q < S; ++q)
                    sum[s][q] = own[q] * v[s * C + c] + sum[s][q];
        }
#pragma GCC unroll 32
        for (int s = 0; s < R; ++s)
#pragma GCC unroll 32
            for (int q = 0; q < S; ++q)
                __builtin_memcpy(m + s * F + overlapped(o + q, L, F), &sum[s][q], sizeof(V));
    }
}
/// Of all positions: what they read is at slots 1 and up, what they write at 0 and up.
template <int R, int S, class T>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void all_products_of_pixels(T* room, const T* u, OneSample at) noexcept {
    for (int e = 0; e < at.count(); ++e)
        products_of_pixels<R, S>(room + (e + 1) * at.slot, u + e * at.position, room + e * at.slot, at.C,
                                 at.F);
}

/// y(o, i, j) = f(b(o) + the sums, o, i, j) of packs of channels, and with `Pool` = 2 of the maximum of each
/// window of 2x2: of an image in pixels, with a halo of the padding. `u` are the weights that
/// `prepare_weights` has transformed.
template <int Edge, int Pool, class K, class X, class T, class B, class Y, class Epilogue>
inline void conv_of_one(X x, const T* u, B b, Y y, T* room, Epilogue f) noexcept {
    has_effects();
    using P = pack<T>;
    using XL = typename X::layout;
    static_assert(X::order == Order::channels_last);
    constexpr int L = native_lanes<T>, C = channels<typename X::shape>, F = channels<typename Y::shape>;
    constexpr Tiles all{Pool * height<typename Y::shape>, Pool * width<typename Y::shape>};
    constexpr int across = tiles(all.columns, Edge), count = tiles(all.rows, Edge) * across, E = Edge / Pool;
    constexpr OneSample at{C, F, Edge, count, L, sizeof(T)};
    constexpr int R = at.at_once, S = vectors_at_once(tiles(F, L), R);
    for (int t = 0; t < tiles(count, R); ++t) {
        const int first = overlapped(t, R, count);
        transform_pixels<Edge>(x.data() + XL::at(0, -K::top, -K::left), XL::row, C, all, first, R,
                               room + at.slot, at.slot);
        all_products_of_pixels<R, S>(room, u, at);
        for (int k = 0; k < tiles(F, L); ++k) {
            const int o = overlapped(k, L, F);
            const P bias = one::biases_at<T>(b, o);
            for (int s = 0; s < R; ++s) {
                typename P::vector tile[std::size_t{Edge}][std::size_t{Edge}];
                results_of_tile(Channels<typename P::vector>{room + s * F + o}, at.slot, tile);
                const int i0 = overlapped((first + s) / across, Edge, all.rows) / Pool,
                          j0 = overlapped((first + s) % across, Edge, all.columns) / Pool;
#pragma GCC unroll 4
                for (int i = 0; i < E; ++i) {
                    P line[std::size_t{E}];
#pragma GCC unroll 4
                    for (int j = 0; j < E; ++j) {
                        P best = P(tile[i * Pool][j * Pool]);
#pragma GCC unroll 4
                        for (int q = 1; q < Pool * Pool; ++q)
                            best = (max)(best, P(tile[i * Pool + q / Pool][j * Pool + q % Pool]));
                        line[j] = f(best + bias, o, i0 + i, j0 + j);
                    }
                    one::put_row<E>(y, o, i0 + i, j0, line);
                }
            }
        }
    }
}

/// Transforms w of C,3,3,F for it.
template <class T>
inline void prepare_weights(const T* w, const OneSample& at, T* u) noexcept {
    const Weights<T> from{w, std::ptrdiff_t{9} * at.F, at.F, 1};
    if (at.tile == 4)
        transform_weights<native_lanes<T>>(from, at.C, at.F, u);
    else
        transform_weights<native_lanes<T>, 4>(from, at.C, at.F, u);
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
