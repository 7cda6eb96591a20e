// Whether a type is a layer on an input, and what it lacks otherwise.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/problem/network.hpp>

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
    else if constexpr (HasWeight<L, In> && !HasParameterGradient<L, In>)
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
    else if constexpr (Strictly && requires { L::template find_fault_strictly<In, Where>(); })
        return L::template find_fault_strictly<In, Where>();
    else
        return none{};
}

} // namespace lamina::inline LAMINA_ABI::topology
