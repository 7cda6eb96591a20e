// Layer normalisation over all N elements of a sample:
//     y(i) = gamma(i) xhat(i) + beta(i) with xhat = (x - mean) / sigma, sigma = sqrt(var + epsilon)
//     dx(i) = (g(i) - sum of g / N - xhat(i) sum of g xhat / N) / sigma with g(i) = gamma(i) dy(i)
//     dgamma(i) += dy(i) xhat(i)      dbeta(i) += dy(i)
// where var is the biased variance. gamma and beta have the shape of x.
//
// Source: Ba, Kiros & Hinton, "Layer Normalization", arXiv:1607.06450, equation 3.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/moments.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// With an epilogue `f(value, indices)` that gives what is stored. Writes the mean and 1 / sigma of each
/// lane, which backward needs. x is read twice. y may be x.
template <class X, class Gamma, class Beta, class Y, class Epilogue>
constexpr void layer_norm(X x, double epsilon, Gamma gamma, Beta beta, Y y, typename Y::element& mean,
                          typename Y::element& inverse_sigma, Epilogue f) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto rows = channels_of(x);
    const LaneMoments<E> moments = moments_of(x);
    // What the mean has beyond an element's digits, times 1 / sigma, is taken from xhat: data far from zero
    // lose none.
    DoubleLanes<E> inverse, rest;
    mean = moments.mean().rounded();
    const DoubleLanes<E> centre(mean);
    for (int r = 0; r < lanes_of<E>; ++r) {
        inverse.lane[r] = 1 / sqrt(moments.squares().lane[r] / moments.count() + epsilon);
        rest.lane[r] = (centre.lane[r] - moments.mean().lane[r]) * inverse.lane[r];
    }
    inverse_sigma = inverse.rounded();
    const E shift = rest.rounded();
    for (int c = 0; c < rows.count; ++c)
        for (int i = 0; i < rows.rows; ++i) {
            const auto* from = rows.row(x, c, i);
            auto* to = rows.row(y, c, i);
            const auto* scales = rows.row(gamma, c, i);
            const auto* shifts = rows.row(beta, c, i);
            for (int j = 0; j < rows.columns; ++j) {
                E xhat = shift;
                add_product(xhat, E(from[j] - mean), inverse_sigma);
                to[j] = with_indices_of<Y>(f, mul_add(xhat, scales[j], E(shifts[j])), c, i, j);
            }
            finish_row_of(rows, f, y, c, i);
        }
}

/// Overwrites dx, or adds to it. x and dy are read twice.
template <Store How = Store::overwrite, class X, class DY, class Gamma, class DX>
constexpr void layer_norm_input_gradient(X x, DY dy, typename DX::element mean,
                                         typename DX::element inverse_sigma, Gamma gamma, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    using T = scalar_of<E>;
    const auto all = long_rows(x, dy, dx);
    TwoSums<E> sums; // of g and of g (x - mean)
    for (int c = 0; c < all.count; ++c)
        sums.add(
            all, [&](int i, int j, E& total, E& products) __attribute__((always_inline)) {
                const E g = all.row(dy, c, i)[j] * E(all.row(gamma, c, i)[j]);
                total += g;
                add_product(products, g, E(all.row(x, c, i)[j] - mean));
            });
    // dx = (g - share) / sigma - slope (x - mean)
    const E part = E(T(1.0 / x.size)), share = sums.first.rounded() * part;
    const E slope = sums.second.rounded() * part * inverse_sigma * inverse_sigma * E(T(-1)) * inverse_sigma;
    for (int c = 0; c < all.count; ++c)
        for (int i = 0; i < all.rows; ++i) {
            const auto* from = all.row(x, c, i);
            const auto* g = all.row(dy, c, i);
            const auto* scales = all.row(gamma, c, i);
            auto* to = all.row(dx, c, i);
            for (int j = 0; j < all.columns; ++j) {
                E result = E(g[j] * E(scales[j]) - share) * inverse_sigma;
                add_product(result, slope, E(from[j] - mean));
                store<How>(to[j], result);
            }
        }
}

/// Adds to dgamma and dbeta, or overwrites them. dy is zero in lanes that do not count.
template <class X, class DY, class DGamma, class DBeta>
constexpr void layer_norm_parameter_gradient(X x, DY dy, typename DY::element mean,
                                             typename DY::element inverse_sigma, DGamma dgamma, DBeta dbeta,
                                             bool overwrite) noexcept {
    has_effects();
    using E = typename DY::element;
    using T = scalar_of<E>;
    const auto all = long_rows(x, dy);
    constexpr int L = lanes_of<E>;
    for (int c = 0; c < all.count; ++c)
        for (int i = 0; i < all.rows; ++i) {
            const auto* from = all.row(x, c, i);
            const auto* g = all.row(dy, c, i);
            T* scales = all.row(dgamma, c, i);
            T* shifts = all.row(dbeta, c, i);
            if constexpr (L == 1) {
                for (int j = 0; j < all.columns; ++j) {
                    accumulate(scales[j], lane_sum(E(g[j] * (from[j] - mean) * inverse_sigma)), overwrite);
                    accumulate(shifts[j], lane_sum(E(g[j])), overwrite);
                }
            } else { // the sums over the lanes of as many elements at a time
                for (int j = 0; j < all.columns; j += L) {
                    typename E::vector products[std::size_t{L}], gradients[std::size_t{L}];
                    const int count = L < all.columns - j ? L : all.columns - j;
#pragma GCC unroll 16
                    for (int k = 0; k < L; ++k) {
                        gradients[k] = typename E::vector{};
                        products[k] = typename E::vector{};
                        if (k < count) {
                            gradients[k] = g[j + k].v;
                            products[k] = (g[j + k] * ((from[j + k] - mean) * inverse_sigma)).v;
                        }
                    }
                    const E scale = sum_of_each<L>(products), shift = sum_of_each<L>(gradients);
                    for (int k = 0; k < count; ++k) {
                        accumulate(scales[j + k], scale[k], overwrite);
                        accumulate(shifts[j + k], shift[k], overwrite);
                    }
                }
            }
        }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
