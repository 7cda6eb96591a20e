// A block of a causal convolution's outputs in a stream: x goes on where the steps before it ended.
//     y(o, t) = f(b(o) + sum over c, v of  w(c, v, o) x(c, t + (v + 1 - K) D), o, t)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/dense_one_sample.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The steps before a block, one behind the other in a ring: step t of the stream is at t modulo `Steps`.
template <int Steps, int Channels, class T>
struct Ring {
    T* steps;
    int next; ///< where the first step of the block will lie

    constexpr Ring(T* steps_, std::uint64_t before) noexcept
        : steps{steps_}, next{static_cast<int>(before % std::uint64_t{Steps})} {}
    /// The step that lies `back` before the first of the block, at most `Steps`.
    [[nodiscard, gnu::always_inline]] constexpr const T* before(int back) const noexcept {
        const int at = next - back;
        return steps + (at < 0 ? at + Steps : at) * std::ptrdiff_t{Channels};
    }
    /// Takes up the steps of a block, of which at most the last `Steps` are kept.
    template <class X>
    constexpr void put(X x) noexcept {
        constexpr int count = X::layout::width, from = count > Steps ? count - Steps : 0;
        int at = (next + from) % Steps;
        for (int t = from; t < count; ++t, at = at + 1 < Steps ? at + 1 : 0) {
            T* const to = steps + at * std::ptrdiff_t{Channels};
            const T* const of_step = x.data() + t * std::ptrdiff_t{X::layout::pixel};
            if constexpr (X::layout::plane == 1) { // no compiler knows that they do not overlap
                if (!std::is_constant_evaluated()) {
                    __builtin_memcpy(to, of_step, Channels * sizeof(T));
                    continue;
                }
            }
            for (int c = 0; c < Channels; ++c)
                to[c] = of_step[c * std::ptrdiff_t{X::layout::plane}];
        }
    }
};

/// The steps that a causal convolution sees before its own.
template <class K>
inline constexpr int steps_before = (K::columns - 1) * K::column_dilation;
template <class K>
inline constexpr bool sees_before = K::columns > 1;
template <class K, class X>
using RingOf = Ring<(sees_before<K> ? steps_before<K> : 1), X::layout::channels, typename X::element>;

/// x and y: C,L and F,L, images of one row each. `memory` holds the last (K - 1) D steps before x, and then
/// those of x. The plain form, for scalars.
template <class K, class X, class T, class B, class Y, class Epilogue>
constexpr void causal_conv(X x, T* memory, std::uint64_t before, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    constexpr int G = K::groups, C = X::layout::channels / G, all = Y::layout::channels, F = all / G;
    RingOf<K, X> ring{memory, before};
    for (int o = 0; o < all; ++o)
        for (int t = 0; t < Y::layout::width; ++t) {
            T sum = bias_at<T>(b, o);
            for (int v = 0; v < K::columns; ++v)
                for (int c = 0; c < C; ++c) {
                    const int at = t + (v + 1 - K::columns) * K::column_dilation, channel = o / F * C + c;
                    add_product(sum, at < 0 ? ring.before(-at)[channel] : x(channel, 0, at),
                                w[(c * K::columns + v) * std::ptrdiff_t{all} + o]);
                }
            y(o, 0, t) = f(sum, o, 0, t);
        }
    if constexpr (sees_before<K>)
        ring.put(x);
}

} // namespace lamina::inline LAMINA_ABI::kernels

namespace lamina::inline LAMINA_ABI::kernels::one {

/// `Steps` steps of all channels, one behind the other, from step `at` of the block on (below 0: before it):
/// where they lie, or in `room`, if not all of them lie side by side. One address for all of them leaves the
/// processor's other registers, of which it has fewer than steps, alone.
template <int Steps, int AllChannels, class Ring, class T>
[[nodiscard, gnu::always_inline]] inline const T*
steps_side_by_side(const T* x, const Ring& ring, int at,
                   T (&room)[std::size_t{Steps}][std::size_t{AllChannels}]) noexcept {
    if (at >= 0)
        return x + at * std::ptrdiff_t{AllChannels};
    if (at + Steps <= 0)
        if (const T* first = ring.before(-at);
            first + (Steps - 1) * AllChannels == ring.before(1 - at - Steps))
            return first;
    for (int p = 0; p < Steps; ++p) {
        const T* from = at + p < 0 ? ring.before(-at - p) : x + (at + p) * std::ptrdiff_t{AllChannels};
        __builtin_memcpy(room[p], from, sizeof room[p]);
    }
    return room[0];
}

/// `Vectors` vectors of filters of a group at `Steps` steps from t on; the group's channels begin at `first`.
/// The sums are added up in the same order as those of `conv`.
template <int Vectors, int Steps, class K, int Channels, int AllChannels, int Filters, int AllFilters,
          class T, class B, class Ring>
[[gnu::always_inline]] inline void
causal_conv_sums(const T* x, const Ring& ring, int first, const T* w, B b, int t,
                 pack<T> (&sum)[std::size_t{Vectors}][std::size_t{Steps}]) noexcept {
    constexpr int L = native_lanes<T>;
    // Of few sums the latency of additions shows. (In double a stream gives the bits of the sequence: one
    // order.)
    constexpr int chains = std::is_same_v<T, float> && Vectors * Steps <= 2 && Channels >= 4 ? 4 : 1;
    pack<T> part[std::size_t{chains}][std::size_t{Vectors}][std::size_t{Steps}];
#pragma GCC unroll 4
    for (int k = 0; k < chains; ++k)
#pragma GCC unroll 32
        for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Steps; ++p)
                part[k][o][p] = k == 0 ? biases_at<T>(b, vector_start(o, L, Filters)) : pack<T>(T(0));
    for (int v = 0; v < K::columns; ++v) {
        alignas(64) T room[std::size_t{Steps}][std::size_t{AllChannels}];
        const T* const tap = steps_side_by_side<Steps, AllChannels>(
                                 x, ring, t + (v + 1 - K::columns) * K::column_dilation, room) +
                             first;
        const T* weights = w + v * AllFilters;
        const auto add = [&](int c, int k) __attribute__((always_inline)) {
            pack<T> weight[std::size_t{Vectors}];
#pragma GCC unroll 32
            for (int o = 0; o < Vectors; ++o)
                weight[o] =
                    pack<T>::load(weights + c * (K::columns * AllFilters) + vector_start(o, L, Filters));
#pragma GCC unroll 32
            for (int p = 0; p < Steps; ++p)
#pragma GCC unroll 32
                for (int o = 0; o < Vectors; ++o)
                    add_product(part[k][o][p], weight[o], tap[p * AllChannels + c]);
        };
        int c = 0;
        if constexpr (chains > 1)
            for (; c + chains <= Channels; c += chains)
#pragma GCC unroll 4
                for (int k = 0; k < chains; ++k)
                    add(c + k, k);
#pragma GCC unroll 4
        for (; c < Channels; ++c)
            add(c, 0);
    }
#pragma GCC unroll 32
    for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
        for (int p = 0; p < Steps; ++p)
            if constexpr (chains > 1)
                sum[o][p] = (part[0][o][p] + part[1][o][p]) + (part[2][o][p] + part[3][o][p]);
            else
                sum[o][p] = part[0][o][p];
}

/// The same with the channels last, and filters in lanes.
template <class K, class X, class T, class B, class Y, class Epilogue>
inline void causal_conv(X x, T* memory, std::uint64_t before, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using P = pack<T>;
    constexpr int L = native_lanes<T>, G = K::groups, all_channels = X::layout::channels,
                  C = all_channels / G;
    constexpr int all = Y::layout::channels, F = all / G, steps = Y::layout::width;
    RingOf<K, X> ring{memory, before};
    constexpr PixelTile tile = conv_tile(tiles(F, L), 1, steps, 1);
    constexpr int V = tile.vectors, span = V * L, across = tile.columns;
    constexpr int lanes = G > 1 && F < L ? F : 0;
    for (int g = 0; g < G; ++g)
        for (int fo = 0; fo < tiles(F, span); ++fo) {
            const int o0 = g * F + (F > span ? overlapped(fo, span, F) : 0);
            for (int t = 0; t < tiles(steps, across); ++t) {
                const int t0 = overlapped(t, across, steps);
                P sum[std::size_t{V}][std::size_t{across}];
                causal_conv_sums<V, across, K, C, all_channels, F, all>(x.data(), ring, g * C, w + o0, b + o0,
                                                                        t0, sum);
#pragma GCC unroll 32
                for (int o = 0; o < V; ++o)
#pragma GCC unroll 32
                    for (int p = 0; p < across; ++p)
                        sum[o][p] = f(sum[o][p], o0 + vector_start(o, L, F), 0, t0 + p);
                if constexpr (Y::order == Order::channels_last && lanes == 0) { // from registers
#pragma GCC unroll 32
                    for (int o = 0; o < V; ++o)
#pragma GCC unroll 32
                        for (int p = 0; p < across; ++p)
                            sum[o][p].store(&y(o0 + vector_start(o, L, F), 0, t0 + p));
                } else {
                    for (int o = 0; o < V; ++o)
                        put_row<across, lanes>(y, o0 + vector_start(o, L, F), 0, t0, sum[o], (g + 1) * F);
                }
            }
        }
    if constexpr (sees_before<K>)
        ring.put(x);
}

/// A window of one step.
struct OneStep {
    static constexpr int columns = 1, column_dilation = 1, groups = 1;
};

/// A dense layer on each of many steps, which lie one behind the other: y(:, t) = f(b + w x(:, t)). It turns
/// the weights around once, outputs behind each other, and then is a convolution of one step.
template <class X, class W, class B, class Y, class Epilogue>
inline void dense_of_steps(X x, W w, B b, Y y, Epilogue f) noexcept {
    using T = typename Y::element;
    constexpr int L = native_lanes<T>, O = W::shape::extents[0], I = W::shape::extents[1];
    const auto product = [&](const T* turned) __attribute__((always_inline)) {
        one::causal_conv<OneStep>(x, static_cast<T*>(nullptr), 0, turned, b, y, f);
    };
    if constexpr (I == 1)
        return product(w.data());
    alignas(64) T turned[std::size_t{I * O + L}];
    for_each_index<tiles(O, L)>([&](auto block) __attribute__((always_inline)) {
        constexpr int o = block * L, count = O - o < L ? O - o : L;
        for (int i = 0; i < I; i += L) {
            typename pack<T>::vector rows[std::size_t{L}]{};
#pragma GCC unroll 16
            for (int k = 0; k < count; ++k)
                __builtin_memcpy(&rows[k], w.data() + (o + k) * std::ptrdiff_t{I} + i,
                                 static_cast<std::size_t>(I - i < L ? I - i : L) * sizeof(T));
            transpose<L>(rows);
            for (int k = 0; k < L && i + k < I; ++k)
                __builtin_memcpy(turned + (i + k) * std::ptrdiff_t{O} + o, &rows[k], count * sizeof(T));
        }
    });
    product(turned);
}

/// The same of one output. Steps go in blocks of as many as a vector has lanes, each of which is the sum of
/// the products of a step.
template <class X, class W, class B, class Y, class Epilogue>
inline void dense_of_steps_to_one(X x, W w, B b, Y y, Epilogue f) noexcept {
    using T = typename Y::element;
    constexpr int I = W::shape::extents[1], steps = Y::layout::width;
    constexpr int L = I < native_lanes<T> ? static_cast<int>(std::bit_floor(unsigned{I})) : native_lanes<T>;
    for (int t = 0; t < tiles(steps, L); ++t) {
        const int t0 = overlapped(t, L, steps);
        typename detail::vector_of<T, L>::type products[std::size_t{L}];
#pragma GCC unroll 16
        for (int k = 0; k < L; ++k)
            products[k] = dot_in_lanes<I, L>(x.data() + (t0 + k) * std::ptrdiff_t{I}, w.data());
        const auto sums = sum_of_each<L>(products);
        for (int k = 0; k < L; ++k)
            y(0, 0, t0 + k) = f(sums[k] + bias_at<T>(b, 0), 0, 0, t0 + k);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
