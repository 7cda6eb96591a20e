// Losses: a loss for each output of a network.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>
#include <lamina/topology/heads.hpp>

#include <concepts>

LAMINA_BEGIN_IEEE

namespace lamina {

/// A loss for each output of a network that ends in `Outputs`.
///
///     loss = sum over k of w(k) loss(k)(y(k), t(k))        dy(k) = w(k) times the derivative of loss(k)
///
/// y(k) is the output of head k and t(k) its target, in the order of the heads. The targets of a sample are
/// one `Model::Output`, as its outputs are: the targets of the heads one behind the other. Data with labels
/// have a target for one output, and do not compile. Each loss is a mean over samples,
/// `WeightedCrossEntropy`, too, which weighs samples with labels. `evaluate` gives accuracy and confusion of
/// the first head whose loss has classes; of their targets that is the largest element.
///
/// `losses.at<1>()` is the loss of head 1, for instance to change a setting.
///
/// Arguments: `First`, the loss of the first head, and `Rest`, those of the others.
/// `Losses{...}.weighted(1, 0.25)` has a factor w(k) for each, at least 0; otherwise they are 1.
///
/// Shapes: y and t N, the number of elements of all heads; each loss gets the shape of its head.
///
/// Errors: fewer or more losses than the network has outputs, and a loss that does not fit its head, do not
/// compile. A step, `fit` and `evaluate` throw `std::invalid_argument` for a factor that is negative or not
/// finite, and for what the losses refuse.
///
/// PyTorch: the sum of losses, `loss = cross_entropy(policy, p) + 0.25 * mse_loss(value, v)`.
///
/// Example:
///
///     using Policy = ln::Named<"policy", ln::Dense<9>>;
///     using Value = ln::Named<"value", ln::Net<ln::Dense<1>, ln::Tanh>>;
///     using Net = ln::Net<ln::Dense<32>, ln::ReLU, ln::Outputs<Policy, Value>>;
///     using Model = ln::Model<Net, ln::Shape<18>>;
///     Model model{ln::seed{42}};
///     const ln::Losses losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}};
///     ln::Trainer trainer{model, losses.weighted(1, 0.25), ln::Adam{}};
///     std::vector<Model::Input> boards(100);
///     std::vector<Model::Output> targets(100);
///     for (Model::Output& t : targets) {
///         Model::head<"policy">(t)[4] = 1; // the move that was played
///         Model::head<"value">(t)[0] = -1; // and who won
///     }
///     ln::fit(trainer, ln::data::Samples{boards, targets}, {.epochs = 10});
template <class First, class... Rest>
struct Losses<First, Rest...> {
    constexpr Losses() noexcept = default;
    [[gnu::always_inline]] constexpr Losses(First first, Rest... rest) noexcept
        : loss_{first}, others_{rest...} {}

    /// The same losses with these factors, one for each.
    template <std::convertible_to<double>... Factors>
        requires(sizeof...(Factors) == sizeof...(Rest))
    [[nodiscard, gnu::always_inline]] constexpr Losses weighted(double factor,
                                                                Factors... others) const noexcept {
        Losses copy = *this;
        copy.factor_ = factor;
        if constexpr (sizeof...(Rest) > 0)
            copy.others_ = others_.weighted(others...);
        return copy;
    }

    /// The loss of head `I`, and its factor.
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr auto& at() noexcept {
        if constexpr (I == 0)
            return loss_;
        else
            return others_.template at<I - 1>();
    }
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr const auto& at() const noexcept {
        if constexpr (I == 0)
            return loss_;
        else
            return others_.template at<I - 1>();
    }
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr double factor() const noexcept {
        if constexpr (I == 0)
            return factor_;
        else
            return others_.template factor<I - 1>();
    }

    /// The settings of all losses and the factors: "1.factor", "1.delta", ...
    template <int I = 0>
    static constexpr void fields(auto& losses, auto f) {
        const auto named = [&](const char* name, auto& setting) {
            Text text;
            text << I << "." << name;
            f(text.characters, setting);
        };
        named("factor", losses.factor_);
        if constexpr (requires { First::fields(losses.loss_, named); })
            First::fields(losses.loss_, named);
        if constexpr (sizeof...(Rest) > 0)
            Losses<Rest...>::template fields<I + 1>(losses.others_, f);
    }
    /// Throws `std::invalid_argument` unless each factor is at least 0 and finite, and each loss accepts its
    /// own settings.
    [[gnu::always_inline]] constexpr void validate() const {
        require_setting(is_not_negative<float>(factor_), "the factor of a loss", "at least 0 and finite",
                        factor_);
        if constexpr (requires { loss_.validate(); })
            loss_.validate();
        if constexpr (sizeof...(Rest) > 0)
            others_.validate();
    }

    /// The loss of one sample of the model `M`, from head `I` on; writes its derivative by the outputs y of
    /// all heads to dy.
    template <class M, int I = 0, class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        using H = typename M::inferred;
        const E factor = E(static_cast<scalar_of<E>>(factor_));
        const auto own = topology::head_of<H, I>(dy);
        E sum = E(loss_.loss_and_gradient(topology::head_of<H, I>(y), topology::head_of<H, I>(t), own));
        sum *= factor;
        for (int i = 0; i < own.size; ++i)
            own[i] *= factor;
        if constexpr (sizeof...(Rest) > 0)
            sum += others_.template loss_and_gradient<M, I + 1>(y, t, dy);
        return sum;
    }
    /// The same for a `dynamic::Network`: `part(i, v)` is head i of a view of all outputs.
    template <int I = 0, class V>
    [[nodiscard]] auto loss_and_gradient_of_parts(auto part, V y, V t, V dy) const noexcept {
        using E = typename V::element;
        const E factor = E(static_cast<scalar_of<E>>(factor_));
        const auto own = part(I, dy);
        E sum = E(loss_.loss_and_gradient(part(I, y), part(I, t), own));
        sum *= factor;
        for (int i = 0; i < own.size; ++i)
            own[i] *= factor;
        if constexpr (sizeof...(Rest) > 0)
            sum += others_.template loss_and_gradient_of_parts<I + 1>(part, y, t, dy);
        return sum;
    }
    /// Calls f(loss) for each loss.
    [[gnu::always_inline]] void for_each(auto f) const {
        f(loss_);
        if constexpr (sizeof...(Rest) > 0)
            others_.for_each(f);
    }

  private:
    First loss_{};
    [[no_unique_address]] Losses<Rest...> others_{};
    double factor_ = 1;
};
template <>
struct Losses<> {};

/// Takes the place of losses one of which has a problem, so that this is the only error.
template <class First, class... Rest>
    requires(Broken<First> || (Broken<Rest> || ...))
struct Losses<First, Rest...> {
    using broken = void;
    Losses(const auto&...) noexcept {}
    [[nodiscard]] Losses weighted(auto...) const noexcept { return *this; }
};

template <class... L>
Losses(L...) -> Losses<L...>;

} // namespace lamina

LAMINA_END_IEEE
