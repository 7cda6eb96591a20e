// A pass for training, forward and backward: the plan's workspace, and the loops over its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/topology/batch_statistics.hpp>
#include <lamina/topology/carried.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/oversized_pass.hpp>
#include <lamina/topology/plan.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// A pass for training, which keeps what backward needs.
///     pass.input() = ...;  pass.forward(numbers);
///     pass.output_gradient() = ...;  pass.backward(numbers, gradients);
/// With a layer that needs the whole batch, several packs pass segment by segment: see `Trainer`.
template <class Plan, class E, bool InputGradient>
class TrainingPass : public BatchStatistics<Plan, scalar_of<E>, InputGradient> {
    using F = typename Plan::Training;
    static constexpr auto& table = F::table;
    static constexpr auto& workspace = Plan::template training<InputGradient>;
    static constexpr auto& operations = F::operations;
    static constexpr auto& flow = F::flow;
    using T = scalar_of<E>;

  public:
    static constexpr int segments = F::flow.segments();

    [[nodiscard]] constexpr auto input() noexcept { return value_view<0>{workspace_of(0) + start<0>}; }
    [[nodiscard]] constexpr auto output() noexcept {
        return value_view<table.result>{workspace_of(table.result) + start<table.result>};
    }
    [[nodiscard]] constexpr auto output_gradient() noexcept {
        return gradient_view_at<table.result>{values_ + gradient_start<table.result>};
    }
    [[nodiscard]] constexpr auto input_gradient() noexcept requires InputGradient {
        return gradient_view<0>();
    }
    /// From now on what is computed again lies in another pass of the same thread, and so in the cache.
    constexpr void share(TrainingPass& other) noexcept {
        if constexpr (segments > 1)
            elsewhere_.shared = other.values_;
    }
    /// From now on forward begins with what is carried at `from`, which backward needs too, or, if that is
    /// null, at the beginning of a sequence; and writes what there is in the end to `to`, or, if null,
    /// nowhere. Backward replaces `gradients`, of what is there, by those of what it began with.
    constexpr void carry(auto from, auto to, E* gradients = nullptr) noexcept {
        if constexpr (runs_along_time(table))
            elsewhere_.carried = {from, to, gradients};
    }
    /// The statistics that this pack has gathered.
    [[nodiscard]] constexpr double* statistics() noexcept { return statistics_.data(); }

    /// Forward, of a batch that is this pack. (From segment `S` on, as all are called.)
    template <int S = 0>
    constexpr void forward(const T* numbers, const PassSamples& samples = {0, lanes_of<E>}) noexcept {
        forward_segment<S>(numbers, statistics(), samples);
        if constexpr (S + 1 < segments) {
            T kept[static_cast<std::size_t>(table.kept > 0 ? table.kept : 1)] = {};
            TrainingPass::template finish_statistics<S + 1>(statistics(), kept);
            forward<S + 1>(numbers, samples);
        }
    }
    /// Adds to `gradients`, which have the layout of the parameters, or overwrites them. Overwrites the
    /// output's gradient. If several passes share the gradients, `turns` decides whose turn it is.
    template <int S = segments - 1>
    constexpr void backward(const T* numbers, T* gradients, bool overwrite = false,
                            const PassSamples& samples = {0, lanes_of<E>}) noexcept {
        NoTurns turns;
        backward_segment<S>(numbers, gradients, overwrite, turns, statistics(), samples);
        if constexpr (S > 0) {
            TrainingPass::template finish_gradients<S>(statistics(), gradients, overwrite);
            backward<S - 1>(numbers, gradients, overwrite, samples);
        }
    }

    /// One segment; `batch` are the statistics of the whole batch. It ends with the gathering of those that
    /// the next segment needs.
    template <int S>
    constexpr void forward_segment(const T* numbers, double* batch, const PassSamples& samples) noexcept {
        if constexpr (S == 0 && is_surrounded(flow, workspace, 0))
            elsewhere_.carried.surround(value<0>(), carried_plan<Plan, InputGradient>.of_value[0]);
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (operation_forward<flow.start_of(S) + I>(numbers, batch, samples), ...);
        }
        (std::make_integer_sequence<int, flow.start_of(S + 1) - flow.start_of(S)>{});
        if constexpr (S + 1 < segments) {
            constexpr int I = flow.start_of(S + 1);
            using P = typename F::template at<I>::placed;
            double* const own = statistics() + workspace.operations[I].gathered_offset;
            if constexpr (reads_copy<I>)
                copy_input<I>();
            own[0] = typename P::layer{}.gather(
                as_const(input_view<I>{workspace_of_input(I, reads_copy<I>) + input_start<I>}), samples.count,
                list_at<typename P::gathered, false>(own + 1));
        }
    }
    /// One segment of backward, the last first. It begins with the input gradient of the layer that needed
    /// the batch, and ends with the gathering for that before it.
    template <int S>
    constexpr void backward_segment(const T* numbers, T* gradients, bool overwrite, auto& turns,
                                    double* batch, const PassSamples& samples) noexcept {
        constexpr int begin = flow.start_of(S), end = flow.start_of(S + 1), own = S > 0 ? begin + 1 : begin;
        if constexpr (S + 1 < segments)
            operation_backward<end, Part::through_layer>(numbers, gradients, overwrite, turns, batch, batch,
                                                         samples);
        if constexpr (S > 0 && workspace.values[operations.all[begin].output].is_computed_again) {
            operation_forward<begin>(numbers, batch, samples);
            if constexpr (!EndsInTime<shape<operations.all[begin].output>>)
                fill_halo_with_zeros(value<operations.all[begin].output>());
        }
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (operation_backward<end - 1 - I>(numbers, gradients, overwrite, turns, batch, batch, samples),
             ...);
        }
        (std::make_integer_sequence<int, end - own>{});
        if constexpr (S > 0)
            operation_backward<begin, Part::to_layer>(numbers, gradients, overwrite, turns, batch,
                                                      statistics(), samples);
    }

    // The same with the number of the segment as an argument, for loops over segments.
    constexpr void forward_segment(int s, const T* numbers, double* batch,
                                   const PassSamples& samples) noexcept {
        at_segment<0, segments>(s, [&]<int S> { forward_segment<S>(numbers, batch, samples); });
    }
    constexpr void backward_segment(int s, const T* numbers, T* gradients, bool overwrite, auto& turns,
                                    double* batch, const PassSamples& samples) noexcept {
        at_segment<0, segments>(
            s, [&]<int S> { backward_segment<S>(numbers, gradients, overwrite, turns, batch, samples); });
    }

    /// One operation, as benchmarks call it too: forward, and backward.
    template <int I>
    [[gnu::always_inline]] constexpr void operation_forward(const T* numbers, double* batch = nullptr,
                                                            const PassSamples& samples = {}) noexcept {
        using Code = typename F::template at<I>;
        constexpr int Y = operations.all[I].output, R = operations.all[I].addend;
        constexpr const OperationMemory& own = workspace.operations[I];
        constexpr const Element& element = table.elements[operations.all[I].element];
        if constexpr (flow.facts(I).is_join)
            with_indices<flow.inputs(I)>([&](auto... k) {
                Code::template forward<true>(Unwanted{}, value<Y>(), Unwanted{}, input_of<I, k>()...);
            });
        else {
            if constexpr (reads_copy<I>)
                copy_input<I>();
            if constexpr (runs_along_time(table))
                elsewhere_.carried.template enter<CarriedByLayer<Plan, InputGradient, I>>(values_);
            Code::template forward<true>(
                MemoryOf<Code, E>{numbers + element.trained_offset, values_ + own.saved_offset,
                                  numbers + table.trained + element.kept_offset, batch + own.gathered_offset,
                                  batch + own.gathered_gradient_offset, values_ + workspace.values_extent,
                                  samples, operations.all[I].element},
                value_view<Y>{workspace_of(Y) + start<Y>}, value_view<R>{workspace_of(R) + start<R>},
                input_view<I>{workspace_of_input(I, reads_copy<I>) + input_start<I>});
            if constexpr (runs_along_time(table))
                elsewhere_.carried.template leave<CarriedByLayer<Plan, InputGradient, I>>(values_);
        }
        if constexpr (is_surrounded(flow, workspace, Y))
            elsewhere_.carried.surround(value<Y>(), carried_plan<Plan, InputGradient>.of_value[Y]);
    }
    template <int I, Part Of = Part::whole>
    [[gnu::always_inline]] constexpr void
    operation_backward(const T* numbers, T* gradients, bool overwrite, auto& turns, double* batch = nullptr,
                       double* gradient_statistics = nullptr, const PassSamples& samples = {}) noexcept {
        using Code = typename F::template at<I>;
        constexpr int Y = operations.all[I].output, R = operations.all[I].addend, X = flow.input(I);
        constexpr const OperationMemory& own = workspace.operations[I];
        constexpr const Element& element = table.elements[operations.all[I].element];
        if constexpr (flow.facts(I).is_join) {
            with_indices<flow.inputs(I)>(
                [&](auto... k) { (join_backward<I, k>(value<flow.input(I, k)>()...), ...); });
        } else {
            if constexpr (runs_along_time(table))
                elsewhere_.carried.template enter_backward<CarriedByLayer<Plan, InputGradient, I>>(values_);
            Code::template backward<Of>(
                Backward{MemoryOf<Code, E>{numbers + element.trained_offset, values_ + own.saved_offset,
                                           numbers + table.trained + element.kept_offset,
                                           batch + own.gathered_offset,
                                           gradient_statistics + own.gathered_gradient_offset, nullptr,
                                           samples, operations.all[I].element},
                         gradients + element.trained_offset, overwrite,
                         View<const E, shape<Y>, workspace.values[Y].halo>{workspace_of(Y) + start<Y>},
                         gradient_view_at<Y>{values_ + gradient_start<Y>},
                         gradient<I, -1>{wanted_view<I, -1>{values_ + gradient_start<R>}},
                         values_ + workspace.operations[I].scratch_offset, &turns, I},
                input_view<I>{workspace_of_input(I, reads_copy<I>) + input_start<I>},
                gradient<I, 0>{wanted_view<I, 0>{values_ + gradient_start<X>}});
            if constexpr (runs_along_time(table))
                elsewhere_.carried.template leave_backward<CarriedByLayer<Plan, InputGradient, I>>(values_);
        }
    }

    /// A value as it lies in the workspace, and its gradient.
    template <int V>
    [[nodiscard]] constexpr auto value() noexcept {
        return value_view<V>{workspace_of(V) + start<V>};
    }
    template <int V>
    [[nodiscard]] constexpr auto gradient_view() noexcept {
        return gradient_view_at<V>{values_ + gradient_start<V>};
    }

  private:
    // The views of values and of gradients, as types, and where they begin. (Functions that return them, for
    // each value one, would have names as long as the network's.)
    template <int V>
    using shape = typename Plan::Inferred::template shape_at < V<0 ? 0 : V>;
    template <int V>
    using value_view =
        typename choose<(V < 0)>::template of<Unwanted,
                                              View<E, shape<V>, workspace.values[V < 0 ? 0 : V].halo>>;
    template <int V>
    using gradient_view_at = View<E, shape<V>, workspace.values[V < 0 ? 0 : V].gradient_halo>;
    template <int V>
    static constexpr long long start = V < 0 ? 0 : workspace.values[V].start(table.extents_of(V));
    template <int V>
    static constexpr auto gradient_start = V < 0 ? 0
                                                 : workspace.values[V].gradient_start(table.extents_of(V));
    /// What operation `I` reads, which is no join: the value, or its copy without halo, which is made before.
    template <int I>
    static constexpr bool reads_copy =
        !flow.facts(I).takes_halo && workspace.values[flow.input(I)].has_copy();
    template <int I>
    using input_view =
        typename choose<reads_copy<I>>::template of<View<E, shape<flow.input(I)>>, value_view<flow.input(I)>>;
    template <int I>
    static constexpr auto
        input_start = reads_copy<I>
                          ? workspace.values[flow.input(I)].copy_start(table.extents_of(flow.input(I)))
                          : start<flow.input(I)>;
    /// The workspace in which value `v` lies now, and that of what `op` reads. (Templates would be many.)
    [[nodiscard]] constexpr E* workspace_of(int v) noexcept {
        if constexpr (segments > 1)
            if (v >= 0 && workspace.values[v].is_computed_again && elsewhere_.shared != nullptr)
                return elsewhere_.shared;
        return values_;
    }
    [[nodiscard]] constexpr E* workspace_of_input(int op, bool is_copy) noexcept {
        return is_copy ? values_ : workspace_of(flow.input(op));
    }
    template <int I>
    [[gnu::always_inline]] constexpr void copy_input() noexcept {
        kernels::copy(as_const(value<flow.input(I)>()),
                      input_view<I>{workspace_of_input(I, reads_copy<I>) + input_start<I>});
    }
    /// The K-th input of operation `I`, or its addend (-1); and whether its gradient is wanted: not if it is
    /// that of the output already.
    [[nodiscard]] static constexpr int source(int op, int k) noexcept {
        return k < 0 ? operations.all[op].addend : flow.input(op, k);
    }
    [[nodiscard]] static constexpr bool wants(int op, int k) noexcept {
        const int v = source(op, k);
        return v >= 0 && computes_gradient(flow, workspace, op, v, InputGradient);
    }
    template <int I, int K>
    using wanted_view = typename choose<wants(I, K)>::template of<gradient_view_at<source(I, K)>, Unwanted>;
    template <int I, int K>
    using gradient = typename choose<wants(I, K)>::template of<
        typename choose<wants(I, K) && flow.adds(I, K)>::template of<AddedTo<wanted_view<I, K>>,
                                                                     Overwritten<wanted_view<I, K>>>,
        Unwanted>;

    /// The gradient of the K-th branch of a join.
    template <int I, int K>
    constexpr void join_backward(auto... x) noexcept {
        if constexpr (wants(I, K))
            F::template at<I>::template backward<K>(
                gradient_view<operations.all[I].output>(),
                gradient<I, K>{wanted_view<I, K>{values_ + gradient_start<source(I, K)>}}, x...);
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

    alignas(64) E values_[static_cast<std::size_t>(workspace.extent)];
    /// Where values lie that are computed again, and what is carried; nothing if there is neither.
    [[no_unique_address]]
    typename choose<(segments > 1 || runs_along_time(table))>::template of<Elsewhere<E>, Unwanted>
        elsewhere_{};
    [[no_unique_address]] Statistics<workspace.gathered_extent> statistics_;
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
