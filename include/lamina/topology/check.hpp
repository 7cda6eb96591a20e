// Whether a type is a layer on an input, and what it lacks otherwise.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/network.hpp>
#include <lamina/tensor.hpp>

#include <type_traits>

namespace lamina::inline LAMINA_ABI::topology {

template <class Verdict>
inline constexpr bool is_verdict = false;
template <>
inline constexpr bool is_verdict<none> = true;
template <class Problem>
inline constexpr bool is_verdict<fault<Problem>> = true;

/// The result of the layer's own `find_fault`.
template <class L, class In, class Where>
[[nodiscard]] consteval auto own_check() {
    if constexpr (requires { L::template find_fault<In, Where>(); }) {
        using Verdict = std::remove_cv_t<decltype(L::template find_fault<In, Where>())>;
        if constexpr (is_verdict<Verdict>)
            return Verdict{};
        else
            return fault<typename Where::template has_a_find_fault_that_returns<Verdict>>{};
    } else {
        return none{};
    }
}

/// The arguments with which a list's `fields` calls f: a name, and a View of `T`; and for a tensor of the
/// model what it begins with.
template <class T, class... Arguments>
inline constexpr bool is_field = false;
template <class T, class Name, class S, pad Halo, Order O, class... Rest>
inline constexpr bool is_field<T, Name, View<T, S, Halo, O>, Rest...> =
    std::is_convertible_v<Name, const char*>;
template <class... Arguments>
inline constexpr bool is_begun = false;
template <class Name, class V, class Start>
inline constexpr bool is_begun<Name, V, Start> = std::is_convertible_v<Start, Initial>;

struct AnyField {
    constexpr void operator()(auto&&...) const noexcept {}
};
/// A list of which `fields` must not take a copy, because it sets the views.
template <class List>
struct NotCopied : List {
    NotCopied(const NotCopied&) = delete;
};
template <class List>
concept HasFields = requires(NotCopied<List>& list, AnyField f) {
    List::fields(list, f);
};
struct FieldFacts {
    bool are_views = true, are_begun = true;
};
template <class List, class T>
inline constexpr FieldFacts field_facts = [] {
    FieldFacts facts;
    List list{};
    List::fields(list, [&]<class... Arguments>(Arguments&&...) {
        facts.are_views = facts.are_views && is_field<T, std::decay_t<Arguments>...>;
        facts.are_begun = facts.are_begun && is_begun<std::decay_t<Arguments>...>;
    });
    return facts;
}();

/// The problem of a list of tensors of `T`. Those of the model, trained and kept, begin with something.
template <class Where, class List, class T, bool OfModel>
[[nodiscard]] consteval auto check_list() {
    if constexpr (std::is_same_v<List, NoTensors>)
        return none{};
    else if constexpr (!HasFields<List>)
        return fault<typename Where::template list<List>::has_no_fields>{};
    else if constexpr (!field_facts<List, T>.are_views)
        return fault<typename Where::template list<List>::template has_a_field_that_is_no_view_of<T>>{};
    else if constexpr (OfModel && !field_facts<List, T>.are_begun)
        return fault<typename Where::template list<List>::has_a_field_without_an_initial_value>{};
    else
        return none{};
}
template <class Verdict>
concept Refuses = requires {
    typename Verdict::type;
};
/// The first problem of these verdicts. They are no arguments of a function, which would instantiate them.
template <class First, class... Rest>
[[nodiscard]] consteval auto first_fault() {
    if constexpr (Refuses<First> || sizeof...(Rest) == 0)
        return First{};
    else
        return first_fault<Rest...>();
}

/// The member that a layer lacks to gather statistics of the whole batch.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_gathering() {
    using namespace detail;
    using Own = typename gathered_of<L, In>::type;
    using Gradient = typename gathered_gradient_of<L, In>::type;
    constexpr bool lists = HasGathered<L, In>, lists_gradient = HasGatheredGradient<L, In>;
    if constexpr (!lists)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::gathered>>{};
    else if constexpr (!lists_gradient)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::gathered_gradient>>{};
    else if constexpr (!HasGather<L, In, Own>)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::gather>>{};
    else if constexpr (!HasMerge<L, Own>)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::merge>>{};
    else if constexpr (!HasFinish<L, Own, typename kept_of<L, In, float>::type>)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::finish>>{};
    else if constexpr (!HasGatherGradient<L, In, Own, Gradient>)
        return fault<typename Where::template gathers_but_lacks<lamina::problem::gather_gradient>>{};
    else
        return none{};
}

/// The first problem of a layer's lists of tensors, and of what gathers statistics into them.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_tensors() {
    using Gathering = decltype(check_gathering<L, In, Where>());
    if constexpr (detail::GathersInPart<L, In> && Refuses<Gathering>)
        return Gathering{};
    else
        return first_fault<
            decltype(check_list<Where, typename parameters_of<L, In, float>::type, float,
                                ListsTrained<L, In>>()),
            decltype(check_list<Where, typename kept_of<L, In, float>::type, float, true>()),
            decltype(check_list<Where, typename saved_of<L, In, float>::type, float, false>()),
            decltype(check_list<Where, typename gathered_of<L, In>::type, double, false>()),
            decltype(check_list<Where, typename gathered_gradient_of<L, In>::type, double, false>())>();
}

/// The member that a layer with a name and an output lacks for this input.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_functions() {
    using namespace detail;
    if constexpr (HasBias<L, In> && !HasWeight<L, In>)
        return fault<typename Where::template has_a_bias_without_a_weight_on<In>>{};
    else if constexpr (HasWeight<L, In> && !HasWeightShape<L, In>)
        return fault<typename Where::template tensor<typename L::template weight<In>>::is_not_a_shape>{};
    else if constexpr (HasBias<L, In> && !HasBiasShape<L, In>)
        return fault<typename Where::template tensor<typename L::template bias<In>>::is_not_a_shape>{};
    else if constexpr (!HasForward<L, In>)
        return fault<typename Where::template has_no_forward_on<In>>{};
    else if constexpr (!HasInputGradient<L, In>)
        return fault<typename Where::template has_no_input_gradient_on<In>>{};
    else if constexpr ((HasWeight<L, In> || ListsTrained<L, In>)&&!HasParameterGradient<L, In>)
        return fault<typename Where::template has_no_parameter_gradient_on<In>>{};
    else
        return fault<typename Where::template has_no_initial_weight_on<In>>{};
}

/// The first member that `L` lacks to be a layer on this input.
template <class L, class In, class Where>
[[nodiscard]] consteval auto check_members() {
    using namespace detail;
    if constexpr (std::is_class_v<L> && !requires { sizeof(L); })
        return fault<typename Where::is_only_declared>{};
    else if constexpr (!HasName<L> && !requires { typename L::template output<In>; })
        return fault<typename Where::is_not_a_layer>{};
    else if constexpr (!HasName<L>)
        return fault<typename Where::has_no_name>{};
    else if constexpr (!requires { typename L::template output<In>; })
        return fault<typename Where::template has_no_output_on<In>>{};
    else if constexpr (!HasOutput<L, In>)
        return fault<typename Where::template tensor<typename L::template output<In>>::is_not_a_shape>{};
    else
        return check_functions<L, In, Where>();
}

/// The problem of a layer on this input, or `none`. `find_fault` is called before the output is looked at; a
/// layer without `find_fault` accepts any input.
template <class L, class In, class Where, bool Strictly>
[[nodiscard]] consteval auto check_layer() {
    if constexpr (requires { typename decltype(own_check<L, In, Where>())::type; })
        return own_check<L, In, Where>();
    else if constexpr (!Layer<L, In>)
        return check_members<L, In, Where>();
    else if constexpr (requires { requires L::name.is_cut(); })
        return fault<typename Where::has_a_name_that_is_too_long>{};
    else if constexpr (!std::is_empty_v<L>)
        return fault<typename Where::has_state>{};
    else if constexpr (detail::HasParameterGradientOfNothing<L, In>)
        return fault<typename Where::template has_a_parameter_gradient_without_a_weight_on<In>>{};
    else if constexpr (requires {
                           requires detail::ListsTensors<L, In>;
                           typename decltype(check_tensors<L, In, Where>())::type;
                       })
        return check_tensors<L, In, Where>();
    else if constexpr (Strictly && requires { L::template find_fault_strictly<In, Where>(); })
        return L::template find_fault_strictly<In, Where>();
    else
        return none{};
}

} // namespace lamina::inline LAMINA_ABI::topology
