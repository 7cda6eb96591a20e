// Checks that a model, a loss and an optimiser fit together.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/topology/facts.hpp>
#include <lamina/topology/infer.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The loss of a trainer whose arguments are not a model, a loss and an optimiser.
template <class... Arguments>
struct Unfit {};
template <class L>
inline constexpr bool is_unfit = false;
template <class... Arguments>
inline constexpr bool is_unfit<Unfit<Arguments...>> = true;

template <class M, class... Arguments>
[[nodiscard]] consteval auto fault_of_unfit(Unfit<Arguments...>*) noexcept {
    return fault<typename problem::trainer<M>::template is_not_made_of<Arguments...>>{};
}

/// The layer that computes a model's outputs: the last one that does not only reshape.
template <class Inferred, int I = Inferred::table.result - 1>
[[nodiscard]] consteval auto last_layer() noexcept {
    using L = typename Inferred::template layer_at<I>;
    if constexpr (topology::OnlyReshapes<L> && Inferred::table.input(I) > 0)
        return last_layer<Inferred, Inferred::table.input(I) - 1>();
    else
        return std::type_identity<L>{};
}

/// The result of the loss's own `find_fault`.
template <class M, class L>
[[nodiscard]] consteval auto check_loss() noexcept {
    using Last = typename decltype(last_layer<typename M::inferred>())::type;
    if constexpr (requires { L::template find_fault<typename M::output_shape, Last, problem::loss<L>>(); })
        return L::template find_fault<typename M::output_shape, Last, problem::loss<L>>();
    else
        return none{};
}

/// The first member that `O` lacks to be an optimiser of numbers `T`: a `fault`, or `none`.
template <class O, class T>
[[nodiscard]] consteval auto check_optimizer() noexcept {
    if constexpr (!detail::HasLearningRate<O>)
        return fault<typename problem::optimizer<O>::has_no_learning_rate>{};
    else if constexpr (!detail::HasState<O, T>)
        return fault<typename problem::optimizer<O>::template has_no_state_for<T>>{};
    else if constexpr (!detail::HasUpdate<O, T>)
        return fault<typename problem::optimizer<O>::template has_no_update_for<T>>{};
    else
        return none{};
}

template <class M, class O, class Memory>
inline constexpr bool is_memory_of = false;
template <class M, class O, int Batch>
inline constexpr bool is_memory_of<M, O, TrainingMemory<M, O, Batch>> = true;

/// The problem of these parts, or `none`, for a model that has no problem itself.
template <class M, class L, class O, class Storage>
[[nodiscard]] consteval auto check_parts() noexcept {
    using T = typename M::scalar;
    using Out = typename M::output_shape;
    if constexpr (!Loss<L, Out, T>)
        return fault<typename problem::loss<L>::template is_not_one_on<Out, T>>{};
    else if constexpr (!std::is_same_v<decltype(check_loss<M, L>()), none>)
        return check_loss<M, L>();
    else if constexpr (!Optimizer<O, T>)
        return check_optimizer<O, T>();
    else if constexpr (!is_memory_of<M, O, std::remove_reference_t<Storage>>)
        return fault<typename problem::trainer<M>::template needs_memory_instead_of<
            std::remove_reference_t<Storage>>>{};
    else
        return none{};
}

/// The problem of training `M` with these parts: a `fault`, or `none`. A broken model gives `fault<none>`,
/// because its own problem is reported already.
template <class M, class L, class O, class Storage>
[[nodiscard]] consteval auto check_training() noexcept {
    if constexpr (Broken<M> || Broken<L>)
        return fault<none>{};
    else if constexpr (is_unfit<L>)
        return fault_of_unfit<M>(static_cast<L*>(nullptr));
    else if constexpr (std::is_void_v<O>)
        return fault<typename problem::trainer<M>::needs_an_optimizer>{};
    else if constexpr (!IsModel<M>)
        return fault<typename problem::trainer<M>::is_not_of_a_model>{};
    else if constexpr (std::is_const_v<M>)
        return fault<problem::model_to_train_is_const<typename M::topology>>{};
    else if constexpr (M::parameter_extent == 0)
        return fault<problem::network_has_nothing_to_learn<typename M::topology>>{};
    else
        return check_parts<M, L, O, Storage>();
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
