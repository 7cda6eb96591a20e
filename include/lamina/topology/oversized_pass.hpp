// What stands for a pass that is too large.
#pragma once

#include <lamina/problem/problem.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/plan.hpp>

namespace lamina::inline LAMINA_ABI::topology {

template <class Plan, class E, Samples S = Samples::pack>
class InferencePass; // inference_pass.hpp
template <class Plan, class E, bool InputGradient = false>
class TrainingPass; // training_pass.hpp

/// Takes the place of a pass that is too large, so that its problem is the only error.
template <class Plan, class E, class Problem>
class OversizedPass : problem::report<Problem> {
    template <int V>
    using view = View<E, typename Plan::Inferred::template shape_at<V>>;

  public:
    [[nodiscard]] constexpr auto input() noexcept { return view<0>{nullptr}; }
    [[nodiscard]] constexpr auto output() noexcept { return view<Plan::Inferred::table.result>{nullptr}; }
    [[nodiscard]] constexpr auto output_gradient() noexcept {
        return view<Plan::Inferred::table.result>{nullptr};
    }
    [[nodiscard]] constexpr auto input_gradient() noexcept { return view<0>{nullptr}; }
    constexpr void forward(const auto*, auto&&...) noexcept {}
    constexpr void backward(const auto*, auto*, auto&&...) noexcept {}
};

template <class Plan, class E>
concept IsOversized = requires {
    typename decltype(find_inference_fault<Plan, E>())::type;
};
template <class Plan, class E, Samples S>
    requires IsOversized<Plan, E>
class InferencePass<Plan, E, S>
    : public OversizedPass<Plan, E, typename decltype(find_inference_fault<Plan, E>())::type> {};

template <class Plan, class E, bool InputGradient>
    requires requires {
        typename decltype(find_training_fault<Plan, E, InputGradient>())::type;
    }
class TrainingPass<Plan, E, InputGradient>
    : public OversizedPass<Plan, E, typename decltype(find_training_fault<Plan, E, InputGradient>())::type> {
};

} // namespace lamina::inline LAMINA_ABI::topology
