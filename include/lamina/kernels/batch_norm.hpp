// Batch normalisation of each channel c of images, or of each element of vectors:
//     y = gamma(c) xhat + beta(c) with xhat = (x - mean(c)) / sigma(c), sigma = sqrt(var + epsilon)
//     dx = gamma/sigma (dy - sum of dy / N - xhat sum of dy xhat / N)
// where mean and var are those of all N elements of the channel in the whole mini-batch. Samples come in
// packs, whose statistics are gathered and merged first. Every function reads each array once, a plane at a
// time.
//
// Source: Ioffe & Szegedy, "Batch Normalization", ICML 2015, Algorithms 1 and 2.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/batch_norm_statistics.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/moments.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// What is done to the elements of a channel: (x - centre) scale + shift. The centre is the mean as far as a
/// T holds it, what is left of the mean is in the shift: data far from zero lose no digits.
template <class T>
struct Normaliser {
    T centre, scale, shift;

    [[nodiscard, gnu::always_inline]] static constexpr Normaliser of(double mean, double inverse_sigma,
                                                                     T gamma, T beta) noexcept {
        const T centre = static_cast<T>(mean);
        const double scale = static_cast<double>(gamma) * inverse_sigma;
        return {centre, static_cast<T>(scale),
                static_cast<T>(static_cast<double>(beta) - (mean - static_cast<double>(centre)) * scale)};
    }
};

/// y = f((x - centre) scale + shift, indices), where `normaliser(c)` gives channel c's numbers. y may be
/// channels-last.
template <class X, class Y, class Of, class Epilogue>
constexpr void normalise_channels(X x, Of normaliser, Y y, Epilogue f) noexcept {
    has_effects();
    using E = typename Y::element;
    using T = scalar_of<E>;
    static_assert(X::order == Order::planes);
    const auto channels = channels_of(x);
    const auto pixel = y.geometry().pixel;
    for (int c = 0; c < channels.count; ++c) {
        const auto n = normaliser(c);
        const E centre = E(n.centre), shift = E(n.shift);
        const T scale = n.scale;
        for (int i = 0; i < channels.rows; ++i) {
            const auto* from = channels.row(x, c, i);
            auto* to = channels.row(y, c, i);
            if constexpr (!ConstantExtents<Y> && std::is_base_of_v<AsItIs, Epilogue>) {
                const auto of_element = [&](auto e) __attribute__((always_inline)) {
                    using P = decltype(e);
                    return mul_add(P(e - P(n.centre)), scale, P(n.shift));
                };
                map_row<Store::overwrite>(channels.columns, of_element, to, from);
                finish_row_of(channels, f, y, c, i);
            } else {
#pragma GCC unroll 4
                for (int j = 0; j < channels.columns; ++j)
                    to[j * pixel] =
                        with_indices_of<Y>(f, mul_add(E(from[j] - centre), scale, shift), c, i, j);
                finish_row_of(channels, f, y, c, i);
            }
        }
    }
}

/// Normalises by the statistics of the batch: y = f(gamma (x - mean) / sigma + beta, indices), with the
/// epilogue `f` that gives what is stored. y may be x.
template <class X, class Mean, class InverseSigma, class Gamma, class Beta, class Y, class Epilogue>
constexpr void batch_norm(X x, Mean mean, InverseSigma inverse_sigma, Gamma gamma, Beta beta, Y y,
                          Epilogue f) noexcept {
    using T = scalar_of<typename Y::element>;
    normalise_channels(
        x,
        [&](int c) __attribute__((always_inline)) {
            return Normaliser<T>::of(mean[c], inverse_sigma[c], gamma[c], beta[c]);
        },
        y, f);
}

template <bool IsVector, class X, class DY, class Mean, class InverseSigma, class Sum, class SumXhat,
          class Through>
constexpr void gradients_of_channels(X x, DY dy, Mean mean, InverseSigma inverse_sigma, Sum sum,
                                     SumXhat sum_xhat, Through through) noexcept {
    has_effects();
    using E = typename DY::element;
    using T = scalar_of<E>;
    const auto channels = channels_of(x);
    const auto centre = [&](int c) __attribute__((always_inline)) {
        return static_cast<T>(mean[c]);
    };
    const auto put = [&](int c, double gradients, double products) __attribute__((always_inline)) {
        sum[c] = gradients;
        sum_xhat[c] = (products - (mean[c] - static_cast<double>(centre(c))) * gradients) * inverse_sigma[c];
    };
    if constexpr (IsVector) {
        constexpr int L = lanes_of<E>;
        for (int c = 0; c < channels.count; c += L) {
            const int count = L < channels.count - c ? L : channels.count - c;
            const auto* from = x.data() + c;
            auto* g = dy.data() + c;
            for (int k = 0; k < count; ++k)
                g[k] = with_indices_of<DY>(through, E(g[k]), c + k, 0, 0);
            T gradients[std::size_t{L}], products[std::size_t{L}];
            sums_of_lanes<E>(
                count, gradients, [&](int k) __attribute__((always_inline)) { return g[k]; });
            sums_of_lanes<E>(
                count, products, [&](int k) __attribute__((always_inline)) {
                    return g[k] * (from[k] - E(centre(c + k)));
                });
            for (int k = 0; k < count; ++k)
                put(c + k, static_cast<double>(gradients[k]), static_cast<double>(products[k]));
        }
    } else {
        for (int c = 0; c < channels.count; ++c) {
            const E middle = E(centre(c));
            TwoSums<E> sums;
            sums.add(
                channels, [&](int i, int j, E& total, E& products) __attribute__((always_inline)) {
                    E& to = channels.row(dy, c, i)[j];
                    const E g = with_indices_of<DY>(through, to, c, i, j);
                    to = g;
                    total += g;
                    add_product(products, g, E(channels.row(x, c, i)[j] - middle));
                });
            put(c, sums.first.sum(), sums.second.sum());
        }
    }
}

/// Writes each channel's sums of dy and of dy xhat over all lanes: the gradients of beta and gamma. dy is
/// zero in lanes that do not count. `through(dy, indices)` is what becomes of each element of dy before: its
/// way back through an activation.
template <class X, class DY, class Mean, class InverseSigma, class Sum, class SumXhat, class Through>
constexpr void batch_norm_gather_gradient(X x, DY dy, Mean mean, InverseSigma inverse_sigma, Sum sum,
                                          SumXhat sum_xhat, Through through) noexcept {
    if_vector_of_packs(
        x, [&](auto is_vector) __attribute__((always_inline)) {
            gradients_of_channels<is_vector>(x, dy, mean, inverse_sigma, sum, sum_xhat, through);
        });
}

/// Overwrites dx, or adds to it. `sum` and `sum_xhat` are those of the whole batch, in which a channel has
/// `count` elements. In lanes that do not count, dx is zero like dy.
template <Store How = Store::overwrite, class X, class DY, class Mean, class InverseSigma, class Sum,
          class SumXhat, class Gamma, class DX>
constexpr void batch_norm_input_gradient(X x, DY dy, int samples, Mean mean, InverseSigma inverse_sigma,
                                         Sum sum, SumXhat sum_xhat, double count, Gamma gamma,
                                         DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    using T = scalar_of<E>;
    const auto channels = channels_of(x);
    for (int c = 0; c < channels.count; ++c) {
        // dx = scale dy + slope (x - centre) + shift
        const double scale = static_cast<double>(gamma[c]) * inverse_sigma[c];
        const double slope = -scale * inverse_sigma[c] * sum_xhat[c] / count;
        const T centre = static_cast<T>(mean[c]);
        const double shift = -scale * sum[c] / count - slope * (mean[c] - static_cast<double>(centre));
        E slopes = E(static_cast<T>(slope)), shifts = E(static_cast<T>(shift));
        for (int r = samples; r < lanes_of<E>; ++r) {
            set_lane(slopes, r, T(0));
            set_lane(shifts, r, T(0));
        }
        for (int i = 0; i < channels.rows; ++i) {
            const auto* from = channels.row(x, c, i);
            const auto* g = channels.row(dy, c, i);
            auto* to = channels.row(dx, c, i);
#pragma GCC unroll 4
            for (int j = 0; j < channels.columns; ++j) {
                E result = shifts;
                add_product(result, slopes, E(from[j] - E(centre)));
                add_product(result, E(g[j]), static_cast<T>(scale));
                store<How>(to[j], result);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
