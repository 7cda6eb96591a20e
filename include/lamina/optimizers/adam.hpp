// Adam: steps scaled by running moments of the gradient.
#pragma once

#include <lamina/kernels/effects.hpp>
#include <lamina/math.hpp>
#include <lamina/optimized.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina {

/// Adam, for each parameter p with gradient g, at step t = 1, 2, ... with learning rate r:
///
///     m <- b1 m + (1 - b1) g        v <- b2 v + (1 - b2) g^2
///     p <- p - r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
///
/// As `torch.optim.Adam`. Source: Kingma & Ba, arXiv:1412.6980, algorithm 1.
struct Adam {
    double learning_rate = 0.001;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;

    /// What is remembered between steps.
    template <class T, int Extent>
    struct State {
        alignas(64) T first[static_cast<std::size_t>(Extent)] = {};
        alignas(64) T second[static_cast<std::size_t>(Extent)] = {};
        double beta1_power = 1; // b1^t
        double beta2_power = 1;

        static constexpr void fields(auto& state, auto f) {
            f("first", state.first);
            f("second", state.second);
            f("beta1_power", state.beta1_power);
            f("beta2_power", state.beta2_power);
        }
    };
    static constexpr void fields(auto& adam, auto f) {
        f("learning_rate", adam.learning_rate);
        f("beta1", adam.beta1);
        f("beta2", adam.beta2);
        f("epsilon", adam.epsilon);
    }

    /// One step over the flat array. `rate` is the learning rate of this step.
    template <class T, int Extent>
    constexpr void update(T* parameters, const T* gradients, State<T, Extent>& state,
                          double rate) const noexcept {
        kernels::has_effects();
        state.beta1_power *= beta1;
        state.beta2_power *= beta2;
        T* __restrict p = parameters;
        const T* __restrict g = gradients;
        T* __restrict m = state.first;
        T* __restrict v = state.second;
        const T b1 = static_cast<T>(beta1), b2 = static_cast<T>(beta2), e = static_cast<T>(epsilon);
        const T rest1 = static_cast<T>(1 - beta1), rest2 = static_cast<T>(1 - beta2);
        const T step = static_cast<T>(rate / (1 - state.beta1_power));
        const T scale = static_cast<T>(1 / (1 - state.beta2_power));
        for (int i = 0; i < Extent; ++i) {
            m[i] = b1 * m[i] + rest1 * g[i];
            v[i] = b2 * v[i] + rest2 * g[i] * g[i];
            p[i] -= step * m[i] / (sqrt(v[i] * scale) + e);
        }
    }
};

} // namespace lamina

LAMINA_END_OPTIMIZED
