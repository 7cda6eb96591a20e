// LossSum: a weighted sum of losses of one output.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/losses/losses.hpp>
#include <lamina/member_concepts.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/shape.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Whether a sum may have this loss: it only writes its gradient, and weighs no samples.
template <class L>
concept Summable = L::only_writes_gradient && !requires(const L& loss) {
    loss.weight_of_label(0U);
};

template <class First, class... Rest>
struct FirstNotSummable : FirstNotSummable<Rest...> {};
template <class First, class... Rest>
    requires(!Summable<First>)
struct FirstNotSummable<First, Rest...> {
    using type = First;
};
template <class... L>
using first_not_summable = typename FirstNotSummable<L...>::type;

/// A gradient that is written by several losses, one after the other: what one of them stores is multiplied
/// by its factor, and, but for the first, added.
template <class DY, bool First>
struct GradientOfSum : DY {
    using E = typename DY::element;
    template <class To>
    struct Stored {
        To to;
        E factor;

        [[gnu::always_inline]] constexpr void operator=(const E& g) const noexcept {
            if constexpr (First)
                to = g * factor;
            else
                to += g * factor;
        }
        [[gnu::always_inline]] constexpr void operator+=(const E& g) const noexcept { to += g * factor; }
    };
    E factor;

    [[gnu::always_inline]] constexpr GradientOfSum(const DY& dy, const E& factor_) noexcept
        : DY{dy}, factor{factor_} {}

    [[nodiscard, gnu::always_inline]] constexpr auto operator[](std::ptrdiff_t i) const noexcept {
        return Stored<decltype(DY::operator[](i))>{DY::operator[](i), factor};
    }
    [[nodiscard, gnu::always_inline]] constexpr auto operator()(auto... index) const noexcept {
        return Stored<decltype(DY::operator()(index...))>{DY::operator()(index...), factor};
    }
    void data() const = delete; // what is there belongs to other losses, too
    void begin() const = delete;
    void end() const = delete;
    template <class Other>
    void as() const = delete;
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// A weighted sum of losses, of one output.
///
///     loss = sum over k of w(k) loss(k)(y, t)        dy = sum over k of w(k) times the derivative of loss(k)
///
/// All losses compare the same outputs with the same targets. (A network with several outputs has `Losses`,
/// one for each; one of them may be a sum.) A sum may be part of a sum. The sum takes no memory: each loss
/// adds its gradient to those before it.
///
/// `sum.at<1>()` is the second loss, for instance to change a setting.
///
/// Arguments: `First` and `Rest`, the losses: all but `SoftmaxCrossEntropy` and `WeightedCrossEntropy`, and
/// [your own](../custom_layer.md#a-loss) that only write their gradient. `LossSum{...}.weighted(0.75, 0.25)`
/// has a factor w(k) for each, at least 0; otherwise they are 1.
///
/// Shapes: y and t those that all its losses take.
///
/// Errors: a loss that reads its gradient back, and what its losses refuse, do not compile. A step, `fit` and
/// `evaluate` throw `std::invalid_argument` for a factor that is negative or not finite, and for what the
/// losses refuse.
///
/// PyTorch: the sum of losses, `loss = 0.75 * esr(y, t) + 0.25 * dc(y, t)`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<100, ln::Shape<1>>>;
///     Model model{ln::seed{42}};
///     const ln::LossSum loss{ln::ESR{.pre_emphasis = 0.85}, ln::DC{}};
///     ln::Trainer trainer{model, loss.weighted(0.75, 0.25), ln::Adam{}}; // GuitarML's
///     const std::vector<Model::Input> dry(100);
///     const std::vector<Model::Output> wet(100);
///     ln::fit(trainer, ln::data::Samples{dry, wet}, {.epochs = 10});
template <class First, class... Rest>
struct LossSum<First, Rest...> {
    static constexpr bool only_writes_gradient = true;

    constexpr LossSum() noexcept = default;
    [[gnu::always_inline]] constexpr LossSum(First first, Rest... rest) noexcept : losses_{first, rest...} {}

    /// The same losses with these factors, one for each.
    template <std::convertible_to<double>... Factors>
        requires(sizeof...(Factors) == 1 + sizeof...(Rest))
    [[nodiscard, gnu::always_inline]] constexpr LossSum weighted(Factors... factors) const noexcept {
        LossSum copy = *this;
        copy.losses_ = losses_.weighted(factors...);
        return copy;
    }

    /// The loss number `I`, and its factor.
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr auto& at() noexcept { return losses_.template at<I>(); }
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr const auto& at() const noexcept {
        return losses_.template at<I>();
    }
    template <int I>
        requires(I >= 0 && I <= int{sizeof...(Rest)})
    [[nodiscard, gnu::always_inline]] constexpr double factor() const noexcept {
        return losses_.template factor<I>();
    }

    /// The settings of all losses and the factors: "1.factor", "1.epsilon", ...
    static constexpr void fields(auto& sum, auto f) { Losses<First, Rest...>::fields(sum.losses_, f); }
    /// Throws `std::invalid_argument` unless each factor is at least 0 and finite, and each loss accepts its
    /// own settings.
    [[gnu::always_inline]] constexpr void validate() const { losses_.validate(); }

    /// Refuses what one of its losses refuses.
    template <class Out, class LastLayer, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return first_fault<Out, LastLayer, Where, First, Rest...>();
    }
    /// The same of a network known only at run time: what is wrong, or nothing.
    [[nodiscard, gnu::always_inline]] static constexpr std::string_view
    describe_fault(const dims& output, std::string_view last_layer) noexcept {
        std::string_view what;
        const auto ask = [&]<class L>(std::type_identity<L>) __attribute__((always_inline)) {
            if constexpr (requires { L::describe_fault(output, last_layer); })
                what = what.empty() ? L::describe_fault(output, last_layer) : what;
        };
        (ask(std::type_identity<First>{}), ..., ask(std::type_identity<Rest>{}));
        return what;
    }
    /// Those of the first loss that is about classes.
    [[nodiscard, gnu::always_inline]] static constexpr int classes(int outputs) noexcept {
        int found = detail::classes_of<First>(outputs);
        ((found = found > 0 ? found : detail::classes_of<Rest>(outputs)), ...);
        return found;
    }

    /// One sample's loss; writes its derivative by the outputs y to dy. y, t, dy: any one shape.
    template <int I = 0, class Y, class Target, class DY>
    [[nodiscard]] constexpr auto loss_and_gradient(Y y, Target t, DY dy) const noexcept {
        using E = typename DY::element;
        const E weight = E(static_cast<scalar_of<E>>(factor<I>()));
        E sum = E(at<I>().loss_and_gradient(y, t, detail::GradientOfSum<DY, I == 0>{dy, weight})) * weight;
        if constexpr (I < int{sizeof...(Rest)})
            sum += this->template loss_and_gradient<I + 1>(y, t, dy);
        return sum;
    }

  private:
    Losses<First, Rest...> losses_{};

    template <class Out, class LastLayer, class Where, class L, class... More>
    [[nodiscard]] static consteval auto first_fault() noexcept {
        constexpr auto own = [] {
            if constexpr (requires { L::template find_fault<Out, LastLayer, Where>(); })
                return L::template find_fault<Out, LastLayer, Where>();
            else
                return none{};
        }();
        if constexpr (!std::is_same_v<std::remove_const_t<decltype(own)>, none> || sizeof...(More) == 0)
            return own;
        else
            return first_fault<Out, LastLayer, Where, More...>();
    }
};

/// Takes the place of a sum of what cannot be summed, so that this is the only error.
template <class First, class... Rest>
    requires(!(detail::Summable<First> && (detail::Summable<Rest> && ...)))
struct LossSum<First, Rest...> {
    using broken = void;
    LossSum(const auto&...) noexcept {
        if constexpr (!Broken<First> && !(Broken<Rest> || ...))
            static_assert(
                sizeof(typename problem::loss<detail::first_not_summable<First, Rest...>>::cannot_be_summed) >
                0);
    }
    [[nodiscard]] LossSum weighted(auto...) const noexcept { return *this; }
};

template <class... L>
LossSum(L...) -> LossSum<L...>;

} // namespace lamina

LAMINA_END_IEEE
