// Batch normalisation by running statistics, for inference:
//     y = f(gamma(c) (x - mean(c)) / sqrt(var(c) + epsilon) + beta(c))
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/batch_norm.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// With an epilogue `f(value, indices)`. y may be x.
template <class X, class Mean, class Var, class Gamma, class Beta, class Y, class Epilogue>
constexpr void batch_norm_running(X x, Mean mean, Var var, double epsilon, Gamma gamma, Beta beta, Y y,
                                  Epilogue f) noexcept {
    using T = scalar_of<typename Y::element>;
    normalise_channels(
        x,
        [&](int c) __attribute__((always_inline)) {
            return Normaliser<T>{mean[c], gamma[c] / sqrt(T(var[c]) + static_cast<T>(epsilon)), beta[c]};
        },
        y, f);
}

} // namespace lamina::inline LAMINA_ABI::kernels

namespace lamina::inline LAMINA_ABI::kernels::one {

/// For an image of one sample, channels-last: a vector of channels at a time. The epilogue `f(values, c, i,
/// j)` takes a pack, the channels from c on. y is not x, because the last vector of a pixel may overlap the
/// one before.
template <class X, class Mean, class Var, class Gamma, class Beta, class Y, class Epilogue>
inline void batch_norm(X x, Mean mean, Var var, double epsilon, Gamma gamma, Beta beta, Y y,
                       Epilogue f) noexcept {
    has_effects();
    using S = typename Y::shape;
    using T = typename Y::element;
    using P = pack<T>;
    static_assert(X::order == Order::channels_last);
    constexpr int L = native_lanes<T>, C = channels<S>, count = C < L ? C : L;
    constexpr int columns = width<S>, span = span_of_row(columns);
    const auto part = [](const T* from) __attribute__((always_inline)) {
        P p = T(0);
        __builtin_memcpy(&p, from, count * sizeof(T));
        return p;
    };
    for (int t = 0; t < tiles(C, L); ++t) {
        const int c = C > L ? overlapped(t, L, C) : 0;
        const P centre = part(&mean[c]), shift = part(&beta[c]);
        const P scale = part(&gamma[c]) / sqrt(part(&var[c]) + P(static_cast<T>(epsilon)));
        for (int i = 0; i < height<S>; ++i) {
            for (int k = 0; k < tiles(columns, span); ++k) {
                const int j0 = overlapped(k, span, columns);
                P line[std::size_t{span}];
                for (int j = 0; j < span; ++j)
                    line[j] = f(mul_add(P::load(&x(c, i, j0 + j)) - centre, scale, shift), c, i, j0 + j);
                put_row<span>(y, c, i, j0, line);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
