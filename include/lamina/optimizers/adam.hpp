// Adam: steps scaled by running moments of the gradient.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/math/bits.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/option_names.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

/// Gradient descent with momentum and a step size of its own for each parameter.
///
///     m <- b1 m + (1 - b1) g        v <- b2 v + (1 - b2) g^2
///     p <- p - r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)
///
/// For each parameter p with gradient g, at step t = 1, 2, ... with learning rate r. The running means m of
/// the gradient and v of its square begin as 0; below the smallest normal number they become zero. The
/// divisor is at least the root of that number, so that a parameter without gradients stays as it is,
/// whatever `epsilon` is. A frozen weight or bias keeps its m, v and t.
///
/// Arguments:
/// - `learning_rate` r, at least 0; a schedule changes it.
/// - `beta1` b1 and `beta2` b2, how much of the mean each step keeps, at least 0 and below 1.
/// - `epsilon`, which bounds the steps of parameters with small gradients, at least 0.
///
/// Errors: a setting that is not allowed throws `std::invalid_argument`, in `Trainer::step` as in `fit`, and
/// the model stays as it is.
///
/// PyTorch: `torch.optim.Adam(lr=r, betas=(b1, b2), eps=epsilon)`, with the same defaults, without `amsgrad`.
/// Its `weight_decay` is twice the `l2` of `fit` and applies to biases too, which `l2` does not.
///
/// Source: Kingma & Ba, arXiv:1412.6980, algorithm 1.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<4>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.002}};
struct Adam {
    double learning_rate = 0.001;
    [[no_unique_address]] problem::misnamed<problem::lr> lr = {};
    double beta1 = 0.9;
    double beta2 = 0.999;
    [[no_unique_address]] problem::misnamed<problem::betas> betas = {};
    double epsilon = 1e-8;
    [[no_unique_address]] problem::misnamed<problem::eps> eps = {};
    [[no_unique_address]] problem::misnamed<problem::weight_decay> weight_decay = {};

    /// The state that is kept between steps.
    template <class T, int Extent, int Tensors = 1>
    struct State {
        alignas(64) T first[static_cast<std::size_t>(Extent)] = {};
        alignas(64) T second[static_cast<std::size_t>(Extent)] = {};
        double beta1_power[static_cast<std::size_t>(Tensors)]; // b1^t of each weight and bias
        double beta2_power[static_cast<std::size_t>(Tensors)];

        constexpr State() noexcept {
            for (int i = 0; i < Tensors; ++i)
                beta1_power[i] = beta2_power[i] = 1;
        }
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
    void validate() const {
        require_setting(beta1 >= 0 && beta1 < 1, "Adam: beta1", "at least 0 and below 1", beta1);
        require_setting(beta2 >= 0 && beta2 < 1, "Adam: beta2", "at least 0 and below 1", beta2);
        require_setting(is_not_negative<float>(epsilon), "Adam: epsilon", "at least 0 and finite", epsilon);
    }

    /// One step of the tensors of `moving`. `rate` is the learning rate of this step.
    template <class T, int Extent, int Tensors>
    constexpr void update(T* parameters, const T* gradients, State<T, Extent, Tensors>& state, double rate,
                          MovingTensors moving = {&whole_array<Extent>, 1}) const noexcept {
        const auto whole = [](const auto&) __attribute__((always_inline)){};
        update(parameters, gradients, state, rate, moving, whole);
    }
    /// The same; `shrink(p)` comes first.
    template <class T, int Extent, int Tensors, class Shrink>
    constexpr void update(T* parameters, const T* gradients, State<T, Extent, Tensors>& state, double rate,
                          MovingTensors moving, Shrink shrink) const noexcept {
        const T b1 = static_cast<T>(beta1), b2 = static_cast<T>(beta2), e = static_cast<T>(epsilon);
        const T rest1 = static_cast<T>(1 - beta1), rest2 = static_cast<T>(1 - beta2);
        constexpr T smallest_root = sqrt((std::numeric_limits<T>::min)()); // in place of that of a v of zero
        for (const ParameterTensor& tensor : moving) {
            auto &power1 = state.beta1_power[tensor.index], &power2 = state.beta2_power[tensor.index];
            power1 = normal_or_zero(power1 * beta1);
            power2 = normal_or_zero(power2 * beta2);
            const T step = static_cast<T>(rate / (1 - power1)), scale = static_cast<T>(1 / (1 - power2));
            kernels::for_each_element<T>(
                tensor.from, tensor.to,
                [=](auto& p, auto& m, auto& v, const auto& g) __attribute__((always_inline)) {
                    using E = std::remove_cvref_t<decltype(g)>;
                    m = normal_or_zero(mul_add(m, b1, g * E(rest1)));
                    v = normal_or_zero(mul_add(g * E(rest2), g, v * E(b2)));
                    shrink(p);
                    p = mul_add(m / (max)(sqrt(v * E(scale)) + E(e), E(smallest_root)), negated(step), p);
                },
                parameters, state.first, state.second, gradients);
        }
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
