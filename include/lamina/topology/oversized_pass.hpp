// What stands for a pass that is too large.
#pragma once

#include <lamina/problem/problem.hpp>
#include <lamina/tensor.hpp>

namespace lamina::inline LAMINA_ABI::topology {

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
    constexpr void forward(const auto*) noexcept {}
    constexpr void backward(const auto*, auto*, auto&&...) noexcept {}
};

} // namespace lamina::inline LAMINA_ABI::topology
