// The plan of a model: its operations, and where every value and every gradient lies, made while compiling.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/problem/network.hpp>
#include <lamina/topology/fused.hpp>
#include <lamina/topology/workspace.hpp>

#include <cstddef>
#include <cstdint>

namespace lamina::inline LAMINA_ABI::topology {

/// The largest number of elements of a pass: an int can count them, and one object can hold them.
template <class E>
inline constexpr long long most_elements = PTRDIFF_MAX / sizeof(E) < 2'147'483'647
                                               ? static_cast<long long>(PTRDIFF_MAX / sizeof(E))
                                               : 2'147'483'647;

// Variables, because g++ 12 spoils what a function has returned once a member of a temporary copy was asked
// for.
template <class F, Samples S, Concats Of>
inline constexpr auto placed_values = place_values(F::flow, S, Of);
template <class F, Samples S>
[[nodiscard]] consteval Concats choose_concats() noexcept {
    if constexpr (F::table.concats())
        return best_concats(placed_values<F, S, Concats::in_place>, placed_values<F, S, Concats::copied>);
    else
        return Concats::in_place;
}

/// What each operation needs in training.
template <class F, bool InputGradient>
[[nodiscard]] consteval auto needs_of() noexcept {
    AllNeeds<F::count> needs;
    with_indices<F::count>([&](auto... i) {
        ((needs.of[i].scratch = F::template at<i>::template scratch_extent<
              F::flow.adds(i, 0), F::flow.has_gradient(F::flow.input(i), InputGradient)>,
          needs.of[i].saved = F::template at<i>::saved),
         ...);
        const auto gather = [&](auto op) {
            if constexpr (F::flow.starts_segment(op)) {
                using P = typename F::template at<op>::placed;
                needs.of[op].gathered = elements_of<typename P::gathered>;
                needs.of[op].gathered_gradient = elements_of<typename P::gathered_gradient>;
            }
        };
        if constexpr (F::flow.segments() > 1)
            (gather(i), ...);
    });
    return needs;
}

template <class Inferred_, Fusion On = Fusion::on>
struct Plan {
    using Inferred = Inferred_;
    using Training = Fused<Inferred, On, Purpose::training>;
    using Inference = Fused<Inferred, On, Purpose::inference>;
    static constexpr int count = Training::count;

    template <Samples S>
    static constexpr auto inference = placed_values<Inference, S, choose_concats<Inference, S>()>;
    template <bool InputGradient>
    static constexpr auto training = place_training(Training::flow, InputGradient,
                                                    needs_of<Training, InputGradient>().of);

    /// The halo of the input in a batch, in inference and training alike.
    static constexpr pad input_halo = training<false>.values[0].halo;
};

/// The problem of a pass that computes in `E`, or `none`.
template <class Plan, class E>
[[nodiscard]] consteval auto find_inference_fault() noexcept {
    using F = typename Plan::Inference;
    constexpr long long most = most_elements<E>;
    constexpr TooMany found = too_many_values(F::flow, Plan::template inference<Samples::pack>,
                                              Plan::template inference<Samples::one>, most);
    if constexpr (found.operation < 0)
        return none{};
    else
        return fault<typename F::template place_at<found.operation>::template activations<
            found.extent>::template are_more_than<most>>{};
}
template <class Plan, class E, bool InputGradient>
[[nodiscard]] consteval auto find_training_fault() noexcept {
    using F = typename Plan::Training;
    constexpr long long most = most_elements<E>;
    constexpr TooMany found = too_many_in_training(F::flow, Plan::template training<InputGradient>, most);
    if constexpr (found.operation < 0)
        return none{};
    else
        return fault<typename F::template place_at<found.operation>::template activations<
            found.extent>::template are_more_than<most>>{};
}

} // namespace lamina::inline LAMINA_ABI::topology
