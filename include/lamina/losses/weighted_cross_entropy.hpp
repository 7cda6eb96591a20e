// WeightedCrossEntropy: cross entropy in which each class has a weight.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Cross entropy between the softmax of the outputs and a class, where each class has a weight.
///
///     loss = -sum over i of w(i) t'(i) log softmax(y)(i)        with w = class_weights
///     dy(i) = W softmax(y)(i) - w(i) t'(i)                      with W = sum over i of w(i) t'(i)
///     t'(i) = (1 - label_smoothing) t(i) + label_smoothing / N
///
/// Outputs and targets are as for `SoftmaxCrossEntropy`. Give classes with few samples a larger weight;
/// without label smoothing, samples of a class with weight 0 are ignored.
///
/// The loss of a batch of labelled samples, and of `evaluate`, is a weighted mean: the sum of the samples'
/// losses over the sum of the weights of their labels, also with `label_smoothing`: the weights of the other
/// classes, over which it spreads the target, are not in that sum. Doubling all weights changes nothing.
/// If all these weights are 0, the loss of a step and its gradient are 0, and the loss of `evaluate` and of
/// validation is NaN. For samples with targets instead of labels the loss is the mean over the samples.
///
/// Labels of each step of a sequence have their weights too, so that steps of a class with weight 0 are
/// ignored: padding, for instance. The mean is over all steps of all samples.
///
/// Arguments: `class_weights`, a list or a `std::array` of `Classes` doubles, one for each output, at least 0
/// and not all 0. A vector does not compile, because the number of weights is part of the type.
/// `label_smoothing`, the share of the target that is spread over all classes, 0 by default, from 0 to 1.
///
/// Shapes: y and t N, the number of classes, at least 2; or a sequence of L steps of N.
///
/// Errors: another number of weights than of outputs does not compile, nor does what `SoftmaxCrossEntropy`
/// refuses. A `dynamic::Network` throws `shape_error` for them. A step, `fit` and `evaluate` throw
/// `std::invalid_argument` for weights that are negative, not finite or all 0, and for a label_smoothing
/// below 0 or above 1.
///
/// PyTorch: `torch.nn.CrossEntropyLoss(weight=..., label_smoothing=...)`, with the same means, of class
/// indices and of probabilities. If the weights of all labels are 0, PyTorch's loss is NaN.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::ReLU, ln::Dense<3>>, ln::Shape<4>>;
///     Model model{ln::seed{42}};
///     const std::vector<Model::Input> inputs(100);
///     const std::vector<int> labels(100);
///
///     std::array<double, 3> weights{}; // or as a list: .class_weights = {1.0, 1.0, 5.0}
///     for (const int label : labels)
///         weights[static_cast<std::size_t>(label)] += 1;
///     for (double& weight : weights)
///         weight = weight > 0 ? 1 / weight : 0; // the rarer a class, the larger
///     ln::Trainer trainer{model, ln::WeightedCrossEntropy{.class_weights = weights}, ln::Adam{}};
///     ln::fit(trainer, ln::data::Samples{inputs, labels}, {.epochs = 10});
template <std::size_t Classes>
struct WeightedCrossEntropy {
    std::array<double, Classes> class_weights{};
    double label_smoothing = 0;

    static constexpr void fields(auto& loss, auto f) {
        f("class_weights", loss.class_weights);
        f("label_smoothing", loss.label_smoothing);
    }
    /// Throws `std::invalid_argument` unless each weight is finite and at least 0, one is above 0, and
    /// label_smoothing is from 0 to 1.
    [[gnu::always_inline]] constexpr void validate() const {
        double largest = 0;
        for (const double weight : class_weights) {
            require_setting(is_not_negative<float>(weight), "WeightedCrossEntropy: class_weights",
                            "at least 0 and finite", weight);
            largest = weight > largest ? weight : largest;
        }
        require_setting(largest > 0, "WeightedCrossEntropy: the largest of class_weights", "above 0",
                        largest);
        require_setting(label_smoothing >= 0 && label_smoothing <= 1, "WeightedCrossEntropy: label_smoothing",
                        "from 0 to 1", label_smoothing);
    }

    /// Refuses outputs that are not the scores of these classes.
    template <class Out, class LastLayer, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        using Fault = decltype(SoftmaxCrossEntropy::find_fault<Out, LastLayer, Where>());
        if constexpr (!std::is_same_v<Fault, none>)
            return Fault{};
        else if constexpr (answer_size(Out::extents) != static_cast<int>(Classes))
            return fault<typename Where::template has_not_one_weight_for_each_of<Out>>{};
        else
            return none{};
    }

    /// The same of a network known only at run time: what is wrong, or nothing.
    [[nodiscard]] static constexpr std::string_view describe_fault(const dims& output,
                                                                   std::string_view last_layer) noexcept {
        const std::string_view of_scores = SoftmaxCrossEntropy::describe_fault(output, last_layer);
        if (of_scores.empty() && answer_size(output) != static_cast<int>(Classes))
            return misfit;
        return of_scores;
    }
    static constexpr Text misfit = Text{} << "this loss has class_weights for " << static_cast<int>(Classes)
                                          << " outputs";

    /// An output is the score of a class.
    [[nodiscard, gnu::always_inline]] static constexpr int classes(int outputs) noexcept { return outputs; }

    /// The weight of a sample with this label in the mean over samples.
    [[nodiscard, gnu::always_inline]] constexpr double weight_of_label(std::size_t label) const noexcept {
        return class_weights[label];
    }

    /// One sample's loss; writes its derivative by the scores y to dy. y, t, dy: N.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        if constexpr (detail::MayHaveSteps<Y>)
            return detail::mean_over_steps(
                y, t, dy, [this](auto y_k, auto t_k, auto dy_k) { return this->of_answer(y_k, t_k, dy_k); });
        else
            return of_answer(y, t, dy);
    }

  private:
    template <class Y, class Target, class DY>
    [[nodiscard, gnu::always_inline]] constexpr auto of_answer(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        const auto target = SoftmaxCrossEntropy{label_smoothing}.smoothed<E>(t);
        return SoftmaxCrossEntropy::of_targets(
            y, dy, [&](int i) __attribute__((always_inline)) {
                return target(i) * E(static_cast<scalar_of<E>>(class_weights[static_cast<std::size_t>(i)]));
            });
    }
};
template <std::size_t Classes>
WeightedCrossEntropy(std::array<double, Classes>, double = 0) -> WeightedCrossEntropy<Classes>;
template <class Number, std::size_t Classes>
WeightedCrossEntropy(const Number (&)[Classes], double = 0) -> WeightedCrossEntropy<Classes>;
// This says that it is none of these.
template <class List>
WeightedCrossEntropy(List, double = 0) -> WeightedCrossEntropy<0>;

/// Takes the place of a loss whose weights are something else, so that this is the only error.
template <>
struct WeightedCrossEntropy<0> {
    struct Weights {
        Weights() = default;
        template <class List>
        constexpr Weights(const List&) noexcept {
            static_assert(sizeof(typename problem::class_weights<List>::are_not_a_list_of_known_size) > 0);
        }
    };

    using broken = void;
    Weights class_weights;
    double label_smoothing = 0;
};

} // namespace lamina

LAMINA_END_IEEE
