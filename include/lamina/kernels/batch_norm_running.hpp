// Batch normalisation by running statistics, for inference:
//     y = f(gamma(c) (x - mean(c)) / sqrt(var(c) + epsilon) + beta(c))
#pragma once

#include <lamina/kernels/batch_norm.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/math.hpp>
#include <lamina/optimized.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

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

/// For one sample, by running statistics: a vector of channels at a time, images channels-last. The epilogue
/// takes a pack, the channels from c on. y is not x: the last vector of a pixel may overlap the one before.
template <class X, class Mean, class Var, class Gamma, class Beta, class Y, class Epilogue>
inline void batch_norm(X x, Mean mean, Var var, double epsilon, Gamma gamma, Beta beta, Y y,
                       Epilogue f) noexcept {
    has_effects();
    using S = typename Y::shape;
    using T = typename Y::element;
    using P = pack<T>;
    static_assert(S::rank == 1 || (X::order == Order::channels_last && Y::order == Order::channels_last));
    constexpr int L = native_lanes<T>, C = S::extents[0], count = C < L ? C : L;
    const auto part = [](const T* from) __attribute__((always_inline)) {
        P p = T(0);
        __builtin_memcpy(&p, from, count * sizeof(T));
        return p;
    };
    for (int t = 0; t < tiles(C, L); ++t) {
        const int c = C > L ? overlapped(t, L, C) : 0;
        const P centre = part(&mean[c]), shift = part(&beta[c]);
        const P scale = part(&gamma[c]) / sqrt(part(&var[c]) + P(static_cast<T>(epsilon)));
        if constexpr (S::rank == 1) {
            const P result = with_indices_of<S>(f, mul_add(part(&x[c]) - centre, scale, shift), c, 0, 0);
            __builtin_memcpy(&y[c], &result, count * sizeof(T));
        } else {
            for (int i = 0; i < height<S>; ++i)
                for (int j = 0; j < width<S>; ++j)
                    P(with_indices_of<S>(f, mul_add(P::load(&x(c, i, j)) - centre, scale, shift), c, i, j))
                        .store(&y(c, i, j));
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
