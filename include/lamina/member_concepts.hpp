// One concept for each member of a layer, an optimiser or a schedule, so that an error can name the missing
// one.
#pragma once

#include <lamina/pack.hpp>
#include <lamina/parameters.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/tensor.hpp>
#include <lamina/tensor_lists.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI::detail {

template <class L>
concept HasName = requires {
    { L::name } -> std::convertible_to<std::string_view>;
    typename std::bool_constant<(static_cast<void>(std::string_view{L::name}), true)>; // a constant
};
template <class L, class In>
concept HasOutput = requires {
    requires is_shape<typename L::template output<In>>;
};
template <class L, class In>
concept HasWeightShape = is_shape<typename L::template weight<In>>;
template <class L, class In>
concept HasBiasShape = is_shape<typename L::template bias<In>>;
/// A context, to ask whether a layer's function takes one.
struct NothingAfter {
    constexpr auto operator()(auto e, auto...) const noexcept { return e; }
};
template <class L, class In>
using AnyContext = PassContext<float, true, NothingAfter, typename kept_of<L, In, const float>::type,
                               typename saved_of<L, In, float>::type, typename gathered_of<L, In>::type,
                               typename gathered_gradient_of<L, In>::type>;
template <class L, class In>
concept HasForward = requires(View<const float, In> x, View<float, typename L::template output<In>> y,
                              typename parameters_of<L, In, const float>::type p,
                              const AnyContext<L, In>& pass) {
    requires requires {
        L{}.forward(x, p, y);
    } || requires {
        L{}.forward(x, p, y, pass);
    };
};
template <class L, class In>
concept HasInputGradient = requires(View<const float, In> x, View<float, typename L::template output<In>> y,
                                    View<const float, typename L::template output<In>> dy, View<float, In> dx,
                                    typename parameters_of<L, In, const float>::type p) {
    requires requires {
        L{}.input_gradient(x, y, dy, p, dx);
    } || requires(const AnyContext<L, In>& pass) {
        L{}.input_gradient(x, y, dy, p, dx, pass);
    };
};
template <class L, class In>
concept HasParameterGradient = requires(View<const float, In> x,
                                        View<const float, typename L::template output<In>> y,
                                        typename parameters_of<L, In, float>::type dp, bool overwrite) {
    requires requires {
        L{}.parameter_gradient(x, y, y, dp);
    } || requires {
        L{}.parameter_gradient(x, y, y, dp, overwrite);
    } || requires(const AnyContext<L, In>& pass) {
        L{}.parameter_gradient(x, y, y, dp, pass);
    } || requires(typename gathered_gradient_of<L, In>::type dg) {
        L{}.parameter_gradient(dg, dp);
    };
};
template <class L, class In>
concept HasParameterGradientOfNothing =
    !HasWeight<L, In> && !ListsTrained<L, In> && HasParameterGradient<L, In>;
/// What a layer with statistics of the whole batch, `Own`, needs.
template <class L, class In, class Own>
concept HasGather = requires(View<const float, In> x, Own own) {
    { L{}.gather(x, 1, own) } -> std::convertible_to<double>;
};
template <class L, class Own>
concept HasMerge = requires(double count, Own own) {
    { L{}.merge(count, own, count, own) } -> std::convertible_to<double>;
};
template <class L, class Own, class Kept>
concept HasFinish = requires(double count, Own own, Kept kept) {
    L{}.finish(count, own, kept);
};
template <class L, class In, class Own, class Gradient>
concept HasGatherGradient = requires(View<const float, In> x, View<float, typename L::template output<In>> dy,
                                     Own all, Gradient own) {
    requires requires {
        L{}.gather_gradient(x, dy, all, own);
    } || requires(NothingAfter through) {
        L{}.gather_gradient(x, dy, all, own, through);
    };
};
/// Whether a layer has something of what gathers, and whether it lists tensors at all.
template <class L, class In>
concept GathersInPart = HasGathered<L, In> || HasGatheredGradient<L, In> || HasGather<L, In, NoTensors>;
template <class L, class In>
concept ListsTensors = ListsTrained<L, In> || ListsKept<L, In> || ListsSaved<L, In> || GathersInPart<L, In>;
template <class L, class In>
concept HasInitialWeight = requires {
    L::initial_weight;
}
|| requires {
    L::template fan_in<In>;
    L::template fan_out<In>;
};

/// The number of classes of a loss for that many outputs, or 0 if the loss has no classes.
template <class L>
[[nodiscard]] constexpr int classes_of([[maybe_unused]] int outputs) noexcept {
    if constexpr (requires { L::classes(outputs); })
        return L::classes(outputs);
    return 0;
}

template <class O>
concept HasLearningRate = requires(const O& optimizer) {
    { optimizer.learning_rate } -> std::convertible_to<double>;
};
template <class O, class T>
concept HasState = requires(typename O::template State<T, 16>& state,
                            const typename O::template State<T, 16>& other) {
    state = typename O::template State<T, 16>();
    state = other;
};
/// Whether the optimiser supports frozen layers.
template <class O, class T>
concept MovesTensors = requires(const O& optimizer, T* parameters, const T* gradients, double rate,
                                typename O::template State<T, 16>& state, MovingTensors moving) {
    optimizer.update(parameters, gradients, state, rate, moving);
};
template <class O, class T>
concept HasUpdate = MovesTensors<O, T> || requires(const O& optimizer, T* parameters, const T* gradients,
                                                   double rate, typename O::template State<T, 16>& state) {
    optimizer.update(parameters, gradients, state, rate);
};

/// `State<T, Extent, Tensors>`, or without the number of tensors.
template <class O, class T, int Extent, int Tensors>
struct state_of {
    using type = typename O::template State<T, Extent>;
};
template <class O, class T, int Extent, int Tensors>
    requires requires {
        typename O::template State<T, Extent, Tensors>;
    }
struct state_of<O, T, Extent, Tensors> {
    using type = typename O::template State<T, Extent, Tensors>;
};

/// Converts to integers and to nothing else.
struct WholeNumber {
    template <std::integral I>
    operator I() const noexcept;
};
template <class S, class Rate>
concept TakesRate = requires(const S& schedule, Rate rate, std::int64_t iteration) {
    schedule(rate, iteration);
}
|| requires(const S& schedule, Rate rate, std::int64_t iteration) {
    schedule(rate, iteration, iteration);
};
/// Whether a schedule takes the rate as an integer, which would cut 0.05 to 0: its arguments are swapped.
/// Only a single call operator that is not a template is tested, because the body of a template would be
/// compiled for a `WholeNumber`.
template <class S>
concept TakesWholeRates = (!std::is_class_v<S> || requires { &S::operator(); }) && TakesRate<S, WholeNumber>;
/// Whether a schedule is called with the number of all steps too.
template <class S>
concept TakesSteps = requires(const S& schedule, double learning_rate, std::int64_t iteration) {
    { schedule(learning_rate, iteration, iteration) } -> std::convertible_to<double>;
};

} // namespace lamina::inline LAMINA_ABI::detail
