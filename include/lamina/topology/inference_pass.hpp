// A pass for inference: the workspace that the plan has laid out, and the loop over its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/oversized_pass.hpp>
#include <lamina/topology/plan.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// How many numbers the operations before `I` carry in a stream: those of each begin at a cache line.
template <class F, class T, int I>
[[nodiscard]] consteval int carried_before() noexcept {
    long long extent = 0;
    with_indices<I>([&](auto... i) { ((extent += aligned<T>(F::template at<i>::saved)), ...); });
    return static_cast<int>(extent);
}

/// What a `Prepared` model prepares for operation `I`: for a convolution, whose input must be in pixels
/// though others may want planes, and for a dense layer itself, not for one that derives from it.
template <class Plan, int I>
[[nodiscard]] consteval PreparedExtent prepared_for() noexcept {
    using F = typename Plan::Inference;
    using P = typename F::template at<I>::placed;
    constexpr Order order = Plan::template inference<Samples::prepared>.values[F::flow.input(I)].order;
    if constexpr (F::flow.facts(I).is_join)
        return {};
    else if constexpr (order == Order::planes
                           ? F::table.elements[F::operations.all[I].element].on_each_step ||
                                 !detail::computes_two_packs<typename P::layer>
                           : !pools_by_two_or_not(F::flow, I))
        return {};
    else
        return prepared_of<P>;
}
/// The numbers that it prepares for the operations before `I`: those of each begin at a cache line.
template <class Plan, int I>
[[nodiscard]] consteval long long prepared_before() noexcept {
    long long extent = 0;
    with_indices<I>(
        [&](auto... i) { ((extent += aligned<float>(prepared_for<Plan, i>().parameters)), ...); });
    return extent;
}
template <class Plan, int I, Samples S>
[[nodiscard]] consteval bool prepares() noexcept {
    if constexpr (S == Samples::prepared)
        return prepared_for<Plan, I>().parameters > 0;
    else
        return false;
}
/// The room behind the values, from a cache line on, of the operation that needs most.
template <class Plan, class E, Samples S>
[[nodiscard]] consteval long long room_of_pass() noexcept {
    long long most = 0;
    if constexpr (S == Samples::prepared)
        with_indices<Plan::Inference::operations.count>([&](auto... i) {
            ((most = prepared_for<Plan, i>().room > most ? prepared_for<Plan, i>().room : most), ...);
        });
    return most > 0 ? aligned<E>(1) + most : 0;
}
/// Prepares the weights of operation `I`, and of all of them.
template <class Plan, int I>
void prepare_operation(const auto* parameters, auto* prepared) noexcept {
    using F = typename Plan::Inference;
    if constexpr (prepares<Plan, I, Samples::prepared>()) {
        using P = typename F::template at<I>::placed;
        P::layer::template prepare<typename P::input>(
            P::parameters(parameters + F::table.elements[F::operations.all[I].element].trained_offset),
            prepared + prepared_before<Plan, I>());
    }
}
template <class Plan>
void prepare_all(const auto* parameters, auto* prepared) noexcept {
    with_indices<Plan::Inference::operations.count>(
        [&](auto... i) { (prepare_operation<Plan, i>(parameters, prepared), ...); });
}

/// A pass for inference. `E` is a number for one sample, or a pack for as many samples as it has lanes. With
/// `Samples::one` it uses the kernels that compute one sample with channels in lanes; constant expressions
/// cannot use them.
///     pass.input() = ...;  pass.forward(parameters);  ... = pass.output();
template <class Plan, class E, Samples S>
class InferencePass {
    template <class, class>
    friend struct PassInPair;
    using F = typename Plan::Inference;
    static constexpr auto& table = F::table;
    static constexpr auto& workspace = Plan::template inference<S>;
    static constexpr auto& operations = F::operations;
    static constexpr auto& flow = F::flow;
    template <int I>
    static constexpr int carried_offset = carried_before<F, scalar_of<E>, I>();

  public:
    [[nodiscard]] constexpr auto input() noexcept { return value_view<0>{values_ + start<0>}; }
    [[nodiscard]] constexpr auto output() noexcept {
        return value_view<table.result>{values_ + start<table.result>};
    }

    constexpr void forward(const scalar_of<E>* parameters) noexcept {
        forward_all(std::make_integer_sequence<int, operations.count>{}, parameters, nullptr, {});
    }
    /// Of a StreamBlock: the same with what its layers carry from one block to the next, `carried_extent`
    /// numbers, after so many steps. All of them are 0 before the first. Of a `Prepared` model, with the
    /// numbers that `prepare_all` has written, which it only reads.
    constexpr void forward(const scalar_of<E>* parameters, E* carried, std::uint64_t steps_before) noexcept {
        PassSamples samples;
        samples.step = steps_before;
        forward_all(std::make_integer_sequence<int, operations.count>{}, parameters, carried, samples);
    }
    static constexpr int carried_extent = table.shape.is_block ? carried_offset<operations.count> : 0;

  private:
    template <int V>
    using shape = typename Plan::Inferred::template shape_at < V<0 ? 0 : V>;
    template <int V>
    using value_view = typename choose<(V < 0)>::template of<
        Unwanted,
        View<E, shape<V>, workspace.values[V < 0 ? 0 : V].halo, workspace.values[V < 0 ? 0 : V].order>>;
    template <int V>
    static constexpr long long start = V < 0 ? 0 : workspace.values[V].start(table.extents_of(V));
    /// What operation `I` reads, which is no join: the value, or its copy without halo.
    template <int I>
    static constexpr bool reads_copy =
        !flow.facts(I).takes_halo && workspace.values[flow.input(I)].has_copy();
    template <int I>
    using input_view = typename choose<reads_copy<I>>::template of<
        View<E, shape<flow.input(I)>, 0, workspace.values[flow.input(I)].order>, value_view<flow.input(I)>>;
    template <int I>
    static constexpr auto
        input_start = reads_copy<I>
                          ? workspace.values[flow.input(I)].copy_start(table.extents_of(flow.input(I)))
                          : start<flow.input(I)>;
    template <int I>
    static constexpr auto scratch_start = workspace.operations[I].scratch_offset;
    template <int V>
    [[nodiscard]] constexpr auto value() noexcept {
        return value_view<V>{values_ + start<V>};
    }

    template <int... I>
    constexpr void forward_all(std::integer_sequence<int, I...>,
                               [[maybe_unused]] const scalar_of<E>* parameters, [[maybe_unused]] E* carried,
                               [[maybe_unused]] const PassSamples& samples) noexcept {
        (operation_forward<I>(parameters, carried, samples), ...);
    }
    template <int I>
    [[gnu::always_inline]] constexpr void operation_forward(const scalar_of<E>* parameters,
                                                            [[maybe_unused]] E* carried,
                                                            const PassSamples& samples) noexcept {
        using Code = typename F::template at<I>;
        constexpr int Y = operations.all[I].output, R = operations.all[I].addend;
        constexpr const Element& element = table.elements[operations.all[I].element];
        if constexpr (flow.facts(I).is_join)
            with_indices<flow.inputs(I)>([&](auto... k) {
                Code::template forward<false>(Unwanted{}, value<Y>(), Unwanted{}, input_of<I, k>()...);
            });
        else {
            if constexpr (reads_copy<I>)
                kernels::copy(as_const(value<flow.input(I)>()), input_view<I>{values_ + input_start<I>});
            if constexpr (table.shape.is_block)
                carried += carried_offset<I>;
            if constexpr (prepares<Plan, I, S>())
                Code::template forward<false>(PreparedMemory<E>{parameters + element.trained_offset,
                                                                {carried + prepared_before<Plan, I>(),
                                                                 values_ + aligned<E>(workspace.extent)}},
                                              value_view<Y>{values_ + start<Y>},
                                              value_view<R>{values_ + start<R>},
                                              input_view<I>{values_ + input_start<I>});
            else
                Code::template forward<false>(
                    MemoryOf<Code, E>{parameters + element.trained_offset,
                                      S == Samples::prepared ? nullptr : carried,
                                      parameters + table.trained + element.kept_offset, nullptr, nullptr,
                                      values_ + scratch_start<I>, samples, operations.all[I].element},
                    value_view<Y>{values_ + start<Y>}, value_view<R>{values_ + start<R>},
                    input_view<I>{values_ + input_start<I>});
        }
    }
    /// The K-th input of operation `I`, a join, unless it is a part of the output.
    template <int I, int K>
    [[nodiscard]] constexpr auto input_of() noexcept {
        constexpr int V = flow.input(I, K);
        if constexpr (workspace.values[V].inside == operations.all[I].output)
            return joins::InPlace<shape<V>>{};
        else
            return value<V>();
    }

    alignas(64) E values_[static_cast<std::size_t>(workspace.extent + room_of_pass<Plan, E, S>())];
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
