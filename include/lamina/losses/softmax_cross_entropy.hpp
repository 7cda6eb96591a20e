// SoftmaxCrossEntropy: the loss of scores against a class.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/each_step.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>

#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Cross entropy between the softmax of the outputs and a class, or a distribution over classes.
///
///     loss = -sum over i of t'(i) log softmax(y)(i) = T log(sum over j of e^y(j)) - sum over i of t'(i) y(i)
///     dy(i) = T softmax(y)(i) - t'(i)        with T = sum over i of t'(i)
///     t'(i) = (1 - label_smoothing) t(i) + label_smoothing / N
///
/// The outputs y are scores (logits): the network has no `Softmax` at its end. The target t of a label is 1
/// at the label and 0 elsewhere; other targets are distributions, or any weights of the classes, whose sum T
/// need not be 1. The largest score is subtracted before the exponential, so nothing overflows or vanishes.
/// The loss of a batch is the mean over its samples. For classes with different weights use
/// `WeightedCrossEntropy`.
///
/// A network that answers at each step of a sequence has scores y(i, k) and targets t(i, k) at each step k.
/// The loss of a sample is then the mean over its steps. Its labels are a `std::array<int, Steps>`.
///
/// Arguments: `label_smoothing`, the share of the target that is spread over all classes, 0 by default, from
/// 0 to 1. Above 0 it keeps scores from growing without end.
///
/// Shapes: y and t N, the number of classes, at least 2; or a sequence of L steps of N.
///
/// Errors: a network with one output, also at each step, and one that ends in `Softmax`, do not compile. A
/// `dynamic::Network` throws `shape_error` for them. A step, `fit` and `evaluate` throw
/// `std::invalid_argument` for a label_smoothing below 0 or above 1.
///
/// PyTorch: `torch.nn.CrossEntropyLoss(label_smoothing=...)`, of class indices or of probabilities. Of a
/// sequence its scores are N,C,L and its labels N,L.
///
/// Source: label smoothing, Szegedy et al., arXiv:1512.00567, section 7.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<32>, ln::ReLU, ln::Dense<10>>, ln::Shape<1, 28, 28>>;
///     const auto data = ln::data::load_idx("/usr/share/datasets/fashion-mnist");
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{.label_smoothing = 0.1}, ln::Adam{}};
///     ln::fit(trainer, data.train);
struct SoftmaxCrossEntropy {
    double label_smoothing = 0;

    static constexpr void fields(auto& loss, auto f) { f("label_smoothing", loss.label_smoothing); }
    /// Throws `std::invalid_argument` unless label_smoothing is from 0 to 1.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(label_smoothing >= 0 && label_smoothing <= 1, "SoftmaxCrossEntropy: label_smoothing",
                        "from 0 to 1", label_smoothing);
    }

    /// Refuses outputs that are not scores of classes.
    template <class Out, class LastLayer, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (std::is_same_v<LastLayer, Softmax>)
            return fault<typename Where::template follows<LastLayer>>{};
        else if constexpr (answer_size(Out::extents) < 2)
            return fault<typename Where::template needs_more_scores_than<Out>>{};
        else
            return none{};
    }

    /// The same of a network known only at run time: what is wrong, or nothing.
    [[nodiscard]] static constexpr std::string_view describe_fault(const dims& output,
                                                                   std::string_view last_layer) noexcept {
        if (last_layer == Softmax::name)
            return "this loss takes scores and computes the softmax itself: leave the Softmax out, or take "
                   "another loss, such as MeanSquaredError";
        if (answer_size(output) < 2)
            return "this loss compares the scores of at least two classes: for one output, the logit of "
                   "class 1, use BinaryCrossEntropy";
        return {};
    }

    /// An output is the score of a class.
    [[nodiscard, gnu::always_inline]] static constexpr int classes(int outputs) noexcept { return outputs; }

    /// One sample's loss; writes its derivative by the scores y to dy. y, t, dy: N.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        if constexpr (detail::MayHaveSteps<Y>)
            return detail::mean_over_steps(y, t, dy, [this](auto y_k, auto t_k, auto dy_k) {
                return of_targets(y_k, dy_k, this->template smoothed<E>(t_k));
            });
        else
            return of_targets(y, dy, smoothed<E>(t));
    }

    /// i -> t'(i).
    template <class E, class Target>
    [[nodiscard, gnu::always_inline]] constexpr auto smoothed(Target t) const noexcept {
        using T = scalar_of<E>;
        const T kept = static_cast<T>(1 - label_smoothing), spread = static_cast<T>(label_smoothing / t.size);
        return [=](int i) __attribute__((always_inline)) {
            return mul_add(E(t[i]), kept, E(spread));
        };
    }
    /// Loss and gradient of targets that are a function of the class.
    template <class Y, class DY>
    [[nodiscard, gnu::always_inline]] static constexpr auto of_targets(Y y, DY dy, auto target) noexcept {
        using E = typename DY::element;
        E largest = y[0];
        for (int i = 1; i < y.size; ++i)
            largest = (max)(largest, E(y[i]));
        E sum = E(0), aimed = E(0), total = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E h = half_difference(E(y[i]), largest); // whole ones may be beyond the format's range
            const E e = exp_of_twice(h);
            dy[i] = e;
            sum += e;
            aimed += target(i) * h;
            total += target(i);
        }
        const E share = total / sum;
        for (int i = 0; i < y.size; ++i)
            dy[i] = dy[i] * share - target(i);
        return E(total * log(sum) - (aimed + aimed));
    }
};

} // namespace lamina

LAMINA_END_IEEE
