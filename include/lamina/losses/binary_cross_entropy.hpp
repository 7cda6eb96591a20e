// BinaryCrossEntropy: the loss of logits against yes or no.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>

#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Cross entropy between the sigmoid of the outputs and targets from 0 (no) to 1 (yes).
///
///     loss = -1/N sum over i of (p t(i) log sigmoid(y(i)) + (1 - t(i)) log(1 - sigmoid(y(i))))
///     dy(i) = ((1 - t(i)) sigmoid(y(i)) - p t(i) sigmoid(-y(i))) / N        with p = positive_weight
///
/// The outputs y are logits: the network has no `Sigmoid` at its end. One output decides between two classes:
/// its sigmoid is the probability of class 1. Several outputs are independent questions, each answered yes or
/// no (multi-label). Loss and gradient keep all their digits for a logit of any size. The loss of a batch is
/// the mean over its samples.
///
/// Arguments: `positive_weight` p, the weight of targets of 1, 1 by default, at least 0. If positive samples
/// are rare, take the number of negative samples divided by that of positive ones.
///
/// Shapes: y and t any one shape, of N elements. Of a sequence, with one logit at each step, N is the number
/// of steps; its labels are a `std::array<int, Steps>`.
///
/// Errors: a network that ends in `Sigmoid` or `Softmax` does not compile. A `dynamic::Network` throws
/// `shape_error` for it. A step, `fit` and `evaluate` throw `std::invalid_argument` for a positive_weight
/// that is negative or not finite.
///
/// PyTorch: `torch.nn.BCEWithLogitsLoss(pos_weight=...)`, with one weight for all outputs.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;
///     Model model{ln::seed{42}};
///     ln::Trainer trainer{model, ln::BinaryCrossEntropy{.positive_weight = 3}, ln::Adam{}};
///     const std::vector<Model::Input> x(100);
///     const std::vector<Model::Output> t(100);
///     ln::fit(trainer, ln::data::Samples{x, t}, {.epochs = 10});
struct BinaryCrossEntropy {
    double positive_weight = 1;

    static constexpr bool only_writes_gradient = true;

    static constexpr void fields(auto& loss, auto f) { f("positive_weight", loss.positive_weight); }
    /// Throws `std::invalid_argument` unless positive_weight is finite and at least 0.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(is_not_negative<float>(positive_weight), "BinaryCrossEntropy: positive_weight",
                        "at least 0 and finite", positive_weight);
    }

    /// Refuses outputs that are probabilities already.
    template <class Out, class LastLayer, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (std::is_same_v<LastLayer, Sigmoid> || std::is_same_v<LastLayer, Softmax>)
            return fault<typename Where::template needs_logits_but_follows<LastLayer>>{};
        else
            return none{};
    }

    /// The same of a network known only at run time: what is wrong, or nothing.
    [[nodiscard]] static constexpr std::string_view describe_fault(const dims& /*output*/,
                                                                   std::string_view last_layer) noexcept {
        if (last_layer == Sigmoid::name || last_layer == Softmax::name)
            return "this loss takes logits and computes the sigmoid itself: leave the last Sigmoid or "
                   "Softmax out, or take another loss, such as MeanSquaredError";
        return {};
    }

    /// One output is the logit of class 1; several outputs have no classes.
    [[nodiscard, gnu::always_inline]] static constexpr int classes(int outputs) noexcept {
        return outputs == 1 ? 2 : 0;
    }

    /// One sample's loss; writes its derivative by the logits y to dy. y, t, dy: any one shape.
    template <class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        using T = scalar_of<E>;
        const E share = E(T(1) / T(y.size)), positive_share = E(static_cast<T>(positive_weight)) * share;
        E sum = E(0);
        for (int i = 0; i < y.size; ++i) {
            const E logit = y[i];
            const auto negative = logit < E(0);
            const E e = exp(select(negative, logit, negated(logit)));
            const E larger = E(1) / (E(1) + e), smaller = e * larger; // sigmoid of |y| and of -|y|
            const E correction = log_of_one_plus(e);
            const E yes = E(t[i]) * positive_share, no = (E(1) - t[i]) * share;
            sum += no * (select(negative, E(0), logit) + correction) +
                   yes * (select(negative, negated(logit), E(0)) + correction);
            dy[i] = no * select(negative, smaller, larger) - yes * select(negative, larger, smaller);
        }
        return sum;
    }
};

} // namespace lamina

LAMINA_END_IEEE
