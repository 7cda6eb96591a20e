// Checks that a model, a loss and an optimiser fit together.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/model.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/problem/training.hpp>
#include <lamina/topology/facts.hpp>
#include <lamina/topology/heads.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/net.hpp>
#include <lamina/train/training_data.hpp>

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

/// The layer that computes value `V`. The input of the network is computed by none.
template <class Inferred, int V>
[[nodiscard]] consteval auto last_layer() noexcept {
    constexpr int element = Inferred::table.computed_by(V);
    if constexpr (element < 0)
        return std::type_identity<Identity>{};
    else
        return std::type_identity<typename Inferred::template layer_at<element>>{};
}

/// The problem of the loss `L` on head `I`, or `none`. `Where` names it.
template <class M, int I, class L, class Where>
[[nodiscard]] consteval auto check_loss_on_head() noexcept {
    using T = typename M::scalar;
    constexpr int value = topology::Heads<typename M::inferred>::template value<I>;
    using Out = typename M::inferred::template shape_at<value>;
    using Last = typename decltype(last_layer<typename M::inferred, value>())::type;
    if constexpr (!Loss<L, Out, T>)
        return fault<typename Where::template is_not_one_on<Out, T>>{};
    else if constexpr (requires { L::template find_fault<Out, Last, Where>(); })
        return L::template find_fault<Out, Last, Where>();
    else
        return none{};
}

/// The losses of the heads, from head `I` on.
template <class M, int I>
[[nodiscard]] consteval auto check_losses(const Losses<>* /*none left*/) noexcept {
    if constexpr (I < head_count<M>) {
        constexpr int value = topology::Heads<typename M::inferred>::template value<I>;
        return fault<
            typename problem::head<I, typename M::inferred::template shape_at<value>>::has_no_loss>{};
    } else {
        return none{};
    }
}
template <class M, int I, class L, class... Rest>
[[nodiscard]] consteval auto check_losses(const Losses<L, Rest...>* /*left*/) noexcept {
    using Where = problem::loss<L, problem::of_head<I>>;
    if constexpr (I >= head_count<M>)
        return fault<typename Where::template is_beyond_the_last_of<head_count<M>>>{};
    else if constexpr (!std::is_same_v<decltype(check_loss_on_head<M, I, L, Where>()), none>)
        return check_loss_on_head<M, I, L, Where>();
    else
        return check_losses<M, I + 1>(static_cast<const Losses<Rest...>*>(nullptr));
}

template <class L>
inline constexpr bool is_losses = false;
template <class... L>
inline constexpr bool is_losses<Losses<L...>> = true;

/// What types can tell of a loss of a `dynamic::Network`.
template <class M, class L>
[[nodiscard]] consteval auto check_loss_on_any_shape(const L* /*loss*/) noexcept {
    using T = typename M::scalar;
    if constexpr (!Loss<L, AnyShape, T>)
        return fault<typename problem::loss<L>::template is_not_one_on<AnyShape, T>>{};
    else
        return none{};
}
template <class M>
[[nodiscard]] consteval auto check_loss_on_any_shape(const Losses<>* /*none left*/) noexcept {
    return none{};
}
template <class M, class L, class... Rest>
[[nodiscard]] consteval auto check_loss_on_any_shape(const Losses<L, Rest...>* /*left*/) noexcept {
    constexpr const L* first = nullptr;
    if constexpr (!std::is_same_v<decltype(check_loss_on_any_shape<M>(first)), none>)
        return check_loss_on_any_shape<M>(first);
    else
        return check_loss_on_any_shape<M>(static_cast<const Losses<Rest...>*>(nullptr));
}

/// The problem of a loss of the model, or `none`.
template <class M, class L>
[[nodiscard]] consteval auto check_loss() noexcept {
    if constexpr (RunTimeModel<M>)
        return check_loss_on_any_shape<M>(static_cast<const L*>(nullptr));
    else if constexpr (is_losses<L>)
        return check_losses<M, 0>(static_cast<const L*>(nullptr));
    else if constexpr (head_count<M> > 1)
        return fault<typename problem::loss<L>::template is_one_for_several_outputs<head_count<M>>>{};
    else
        return check_loss_on_head<M, 0, L, problem::loss<L>>();
}

/// The loss of a pack of outputs y and targets t of a model with several outputs, and its gradient dy.
template <class M, class... L>
[[nodiscard, gnu::always_inline]] constexpr auto
loss_and_gradient_of_heads([[maybe_unused]] const M& model, const Losses<L...>& losses, auto y, auto t,
                           auto dy) noexcept {
    if constexpr (RunTimeModel<M>)
        return losses.loss_and_gradient_of_parts([&](int i, auto v) { return model.head(i, v); }, y, t, dy);
    else
        return losses.template loss_and_gradient<M>(y, t, dy);
}

/// The head that accuracy is about: the first one whose loss has classes, how many, and how many answers a
/// sample has: see `answer_count`. No classes: 0.
struct HeadOfClasses {
    int head = 0, classes = 0, answers = 1;
};
template <class M, int I>
[[nodiscard]] consteval HeadOfClasses find_classes(const Losses<>* /*none left*/) noexcept {
    return {};
}
template <class M, int I, class L, class... Rest>
[[nodiscard]] consteval HeadOfClasses find_classes(const Losses<L, Rest...>* /*left*/) noexcept {
    constexpr int value = topology::Heads<typename M::inferred>::template value<I>,
                  classes =
                      detail::classes_of<L>(answer_size(M::inferred::template shape_at<value>::extents));
    if constexpr (classes > 0)
        return {I, classes, answer_count(M::inferred::template shape_at<value>::extents)};
    else
        return find_classes<M, I + 1>(static_cast<const Losses<Rest...>*>(nullptr));
}
template <class M, class L>
inline constexpr HeadOfClasses head_of_classes{
    0, detail::classes_of<L>(answer_size(M::output_shape::extents)), answer_count(M::output_shape::extents)};
template <class M, class... L>
inline constexpr HeadOfClasses
    head_of_classes<M, Losses<L...>> = find_classes<M, 0>(static_cast<const Losses<L...>*>(nullptr));

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
    if constexpr (!std::is_same_v<decltype(check_loss<M, L>()), none>)
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
    else if constexpr (RunTimeModel<M> && !std::is_const_v<M>)
        return check_parts<M, L, O, Storage>();
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
