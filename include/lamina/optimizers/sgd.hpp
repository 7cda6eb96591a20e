// SGD: stochastic gradient descent.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/math/bits.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/option_names.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

/// Stochastic gradient descent, plain or with momentum.
///
///     v <- m v + g        p <- p - r v        with Nesterov's momentum:  p <- p - r (g + m v)
///
/// For each parameter p with gradient g, velocity v (at first 0), momentum m and learning rate r. A velocity
/// below the smallest normal number becomes zero.
///
/// Arguments:
/// - `learning_rate` r, at least 0; a schedule changes it.
/// - `momentum` m, at least 0 and below 1: with 1 the velocity would grow for ever. 0.9 is usual.
/// - `nesterov`, whether to use Nesterov's momentum, which needs a `momentum` above 0.
///
/// Errors: a setting that is not allowed throws `std::invalid_argument`, in `Trainer::step` as in `fit`, and
/// the model stays as it is.
///
/// PyTorch: `torch.optim.SGD(lr=r, momentum=m, nesterov=...)`, without `dampening`. Its `weight_decay` is
/// twice the `l2` of `fit` and applies to biases too, which `l2` does not.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<4>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.momentum = 0.9}};
struct SGD {
    double learning_rate = 0.01;
    [[no_unique_address]] problem::misnamed<problem::lr> lr = {};
    double momentum = 0;
    bool nesterov = false;
    [[no_unique_address]] problem::misnamed<problem::weight_decay> weight_decay = {};

    /// The state that is kept between steps; it begins as zero.
    template <class T, int Extent>
    struct State {
        alignas(64) T velocity[static_cast<std::size_t>(Extent)] = {};

        static constexpr void fields(auto& state, auto f) { f("velocity", state.velocity); }
    };
    static constexpr void fields(auto& sgd, auto f) {
        f("learning_rate", sgd.learning_rate);
        f("momentum", sgd.momentum);
        f("nesterov", sgd.nesterov);
    }

    void validate() const {
        require_setting(momentum >= 0 && momentum < 1, "SGD: momentum", "at least 0 and below 1", momentum);
        require_setting(!nesterov || momentum > 0, "SGD: momentum", "above 0 for nesterov", momentum);
    }

    /// One step of the tensors of `moving`. `rate` is the learning rate of this step.
    template <class T, int Extent>
    constexpr void update(T* parameters, const T* gradients, State<T, Extent>& state, double rate,
                          MovingTensors moving = {&whole_array<Extent>, 1}) const noexcept {
        const T m = static_cast<T>(momentum), r = static_cast<T>(rate);
        for (const ParameterTensor& tensor : moving)
            if (nesterov)
                kernels::for_each_element<T>(
                    tensor.from, tensor.to,
                    [ m, r ](auto& p, auto& v, const auto& g) __attribute__((always_inline)) {
                        v = normal_or_zero(mul_add(v, m, g));
                        p = mul_add(mul_add(v, m, g), negated(r), p);
                    },
                    parameters, state.velocity, gradients);
            else
                kernels::for_each_element<T>(
                    tensor.from, tensor.to,
                    [ m, r ](auto& p, auto& v, const auto& g) __attribute__((always_inline)) {
                        v = normal_or_zero(mul_add(v, m, g));
                        p = mul_add(v, negated(r), p);
                    },
                    parameters, state.velocity, gradients);
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
