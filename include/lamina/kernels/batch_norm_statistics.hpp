// The statistics of batch normalisation: the mean and the variance of each channel over a mini-batch,
// gathered pack by pack and then merged. batch_norm.hpp has the formulas.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/moments.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Calls f(true) if channels are elements of packs: then as many channels as there are lanes are computed at
/// a time, because sums over the lanes would take longer than all else. Calls f(false) if not. Both are
/// constants.
template <class V, class F>
[[gnu::always_inline]] constexpr void if_vector_of_packs([[maybe_unused]] const V& v, F f) noexcept {
    if constexpr (lanes_of<typename V::element> == 1)
        f(std::false_type{});
    else if constexpr (ConstantExtents<V>)
        f(std::bool_constant<V::shape::size == V::shape::extents[0]>{});
    else if (v.size == first_extent(v))
        f(std::true_type{});
    else
        f(std::false_type{});
}

/// Of `count` channels from the first on: at(k) is a pack of terms; writes the sums over their lanes.
template <class E, class At>
[[gnu::always_inline]] inline void sums_of_lanes(int count, scalar_of<E>* sums, At at) noexcept {
    constexpr int L = lanes_of<E>;
    typename E::vector rows[std::size_t{L}];
#pragma GCC unroll 16
    for (int k = 0; k < L; ++k) {
        rows[k] = typename E::vector{};
        if (k < count)
            rows[k] = at(k).v;
    }
    E(sum_of_each<L>(rows)).store(sums);
}

template <bool IsVector, class X, class Mean, class Squares>
constexpr void moments_of_channels(X x, int samples, Mean mean, Squares squares) noexcept {
    has_effects();
    using E = typename X::element;
    const auto channels = channels_of(x);
    if constexpr (IsVector) { // relative to the first lane
        constexpr int L = lanes_of<E>;
        E counts = E(0);
        for (int r = 0; r < samples; ++r)
            set_lane(counts, r, scalar_of<E>(1));
        for (int c = 0; c < channels.count; c += L) {
            const int count = L < channels.count - c ? L : channels.count - c;
            const auto* from = x.data() + c;
            const auto distance = [&](int k) __attribute__((always_inline)) {
                return select(counts > E(0), from[k] - E(from[k][0]), E(0));
            };
            scalar_of<E> sums[std::size_t{L}], products[std::size_t{L}];
            sums_of_lanes<E>(count, sums, distance);
            sums_of_lanes<E>(
                count, products, [&](int k) __attribute__((always_inline)) {
                    const E d = distance(k);
                    return d * d;
                });
            for (int k = 0; k < count; ++k) {
                const double sum = static_cast<double>(sums[k]), offset = sum / samples;
                mean[c + k] = static_cast<double>(from[k][0]) + offset;
                squares[c + k] = static_cast<double>(products[k]) - sum * offset;
            }
        }
    } else {
        for (int c = 0; c < channels.count; ++c) {
            LaneMoments<E> lanes;
            lanes.add_plane(
                channels, [&](int i, int j)
                              __attribute__((always_inline)) { return E(channels.row(x, c, i)[j]); });
            const Moments all = lanes.of_lanes(samples);
            mean[c] = all.mean;
            squares[c] = all.squares;
        }
    }
}

/// Writes each channel's mean, and its sum of squared deviations from that, over all elements of the
/// `samples` lanes that count; others are ignored. Returns the number of these elements.
template <class X, class Mean, class Squares>
constexpr double batch_norm_gather(X x, int samples, Mean mean, Squares squares) noexcept {
    if_vector_of_packs(
        x, [&](auto is_vector)
               __attribute__((always_inline)) { moments_of_channels<is_vector>(x, samples, mean, squares); });
    const auto channels = channels_of(x);
    return static_cast<double>(channels.rows) * channels.columns * samples;
}

/// Merges the moments of further samples into those of `count` elements; returns the count of both. The order
/// in which packs are merged is part of the result: it must not depend on threads.
template <class Mean, class Squares, class MoreMean, class MoreSquares>
constexpr double batch_norm_merge(double count, Mean mean, Squares squares, double more, MoreMean more_mean,
                                  MoreSquares more_squares) noexcept {
    has_effects();
    for (int c = 0; c < mean.size; ++c) {
        const Moments both = merged({count, mean[c], squares[c]}, {more, more_mean[c], more_squares[c]});
        mean[c] = both.mean;
        squares[c] = both.squares;
    }
    return count + more;
}

/// After the last merge: replaces the sums of squares by 1 / sigma, of the biased variance, and moves the
/// running mean and the running unbiased variance by a fraction `momentum` of their distance. `count` is at
/// least 2.
template <class Mean, class Squares, class RunningMean, class RunningVar>
constexpr void batch_norm_finish(double count, double momentum, double epsilon, Mean mean, Squares squares,
                                 RunningMean running_mean, RunningVar running_var) noexcept {
    has_effects();
    using T = typename RunningMean::element;
    const auto approach = [&](T & running, double now) __attribute__((always_inline)) {
        const double before = static_cast<double>(running);
        running = static_cast<T>(before + momentum * (now - before));
    };
    for (int c = 0; c < mean.size; ++c) {
        approach(running_mean[c], mean[c]);
        approach(running_var[c], squares[c] / (count - 1));
        squares[c] = 1 / sqrt(squares[c] / count + epsilon);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
