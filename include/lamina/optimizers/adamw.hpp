// AdamW: Adam with decoupled weight decay.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/option_names.hpp>

#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

/// Adam with decoupled weight decay: each step first shrinks all parameters a little.
///
///     p <- p - r weight_decay p        and then Adam's step
///
/// For each parameter p, with learning rate r. The decay is not part of the loss and does not enter Adam's
/// running means, so parameters with large gradients decay as fast as others, unlike with `l2`. Biases decay
/// as weights do.
///
/// Arguments:
/// - `learning_rate` r, `beta1`, `beta2` and `epsilon`, as for `Adam`.
/// - `weight_decay`, at least 0.
///
/// Errors: a setting that is not allowed throws `std::invalid_argument`, in `Trainer::step` as in `fit`, and
/// the model stays as it is.
///
/// PyTorch: `torch.optim.AdamW(lr=r, betas=(b1, b2), eps=epsilon, weight_decay=...)`, with the same defaults,
/// without `amsgrad`.
///
/// Source: Loshchilov & Hutter, arXiv:1711.05101, algorithm 2. As in PyTorch, the learning rate scales the
/// decay.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<4>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::AdamW{.weight_decay = 0.05}};
struct AdamW {
    double learning_rate = 0.001;
    [[no_unique_address]] problem::misnamed<problem::lr> lr = {};
    double beta1 = 0.9;
    double beta2 = 0.999;
    [[no_unique_address]] problem::misnamed<problem::betas> betas = {};
    double epsilon = 1e-8;
    [[no_unique_address]] problem::misnamed<problem::eps> eps = {};
    double weight_decay = 0.01;

    /// The state that is kept between steps.
    template <class T, int Extent, int Tensors = 1>
    using State = Adam::State<T, Extent, Tensors>;

    static constexpr void fields(auto& adamw, auto f) {
        Adam::fields(adamw, f);
        f("weight_decay", adamw.weight_decay);
    }
    template <class = void> // so that programs without an AdamW need not compile it
    void validate() const {
        require_setting(beta1 >= 0 && beta1 < 1, "AdamW: beta1", "at least 0 and below 1", beta1);
        require_setting(beta2 >= 0 && beta2 < 1, "AdamW: beta2", "at least 0 and below 1", beta2);
        require_setting(is_not_negative<float>(epsilon), "AdamW: epsilon", "at least 0 and finite", epsilon);
        require_setting(is_not_negative<float>(weight_decay), "AdamW: weight_decay", "at least 0 and finite",
                        weight_decay);
    }

    /// One step of the tensors of `moving`. `rate` is the learning rate of this step.
    template <class T, int Extent, int Tensors>
    constexpr void update(T* parameters, const T* gradients, Adam::State<T, Extent, Tensors>& state,
                          double rate, MovingTensors moving = {&whole_array<Extent>, 1}) const noexcept {
        const T left = static_cast<T>(1 - rate * weight_decay);
        Adam{.learning_rate = learning_rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon}.update(
            parameters, gradients, state, rate, moving, [left](auto& p) __attribute__((always_inline)) {
                p = p * std::remove_cvref_t<decltype(p)>(left);
            });
    }
};

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
