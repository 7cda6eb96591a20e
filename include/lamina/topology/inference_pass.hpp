// A pass for inference: the workspace that the plan has laid out, and the loop over its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/topology/oversized_pass.hpp>
#include <lamina/topology/plan.hpp>
#include <lamina/topology/run.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// A pass for inference. `E` is a number for one sample, or a pack for as many samples as it has lanes. With
/// `Samples::one` it uses the kernels that compute one sample with channels in lanes; constant expressions
/// cannot use them.
///     pass.input() = ...;  pass.forward(parameters);  ... = pass.output();
template <class Plan, class E, Samples S = Samples::pack>
class InferencePass {
    using F = typename Plan::Inference;
    static constexpr auto& table = F::table;
    static constexpr auto& workspace = Plan::template inference<S>;
    static constexpr auto& operations = F::operations;

  public:
    [[nodiscard]] constexpr auto input() noexcept { return value<0>(); }
    [[nodiscard]] constexpr auto output() noexcept { return value<table.result>(); }

    constexpr void forward(const scalar_of<E>* parameters) noexcept {
        for_each_index<operations.count>([&](auto i) {
            constexpr int I = i; // g++ 12 takes i itself for no constant below
            with_indices<F::inputs(I)>([&](auto... k) {
                run_forward<typename F::template at<I>, false>(
                    memory_of<F, I, E>(parameters, static_cast<E*>(nullptr), nullptr, nullptr, {}),
                    value<operations.all[I].output>(), value<operations.all[I].addend>(),
                    input_of<I, k>()...);
            });
        });
    }

  private:
    /// The K-th input of operation `I`, unless it is a part of the output.
    template <int I, int K>
    [[nodiscard]] constexpr auto input_of() noexcept {
        constexpr int V = F::input(I, K);
        if constexpr (F::facts(I).is_join && workspace.values[V].inside == operations.all[I].output)
            return joins::InPlace<typename Plan::Inferred::template shape_at<V>>{};
        else
            return value<V>();
    }
    template <int V>
    [[nodiscard]] constexpr auto value() noexcept {
        if constexpr (V < 0) {
            return Unwanted{};
        } else {
            using S_ = typename Plan::Inferred::template shape_at<V>;
            using layout = Layout<S_, workspace.values[V].halo, workspace.values[V].order>;
            return View<E, S_, layout::halo, layout::order>{values_ + workspace.values[V].offset +
                                                            layout::origin};
        }
    }

    alignas(64) E values_[static_cast<std::size_t>(workspace.extent)];
};

template <class Plan, class E, Samples S>
    requires requires {
        typename decltype(find_inference_fault<Plan, E>())::type;
    }
class InferencePass<Plan, E, S>
    : public OversizedPass<Plan, E, typename decltype(find_inference_fault<Plan, E>())::type> {};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
