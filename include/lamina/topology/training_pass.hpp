// A pass for training, forward and backward: the workspace that the plan has laid out, and the loops over its
// operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/topology/oversized_pass.hpp>
#include <lamina/topology/plan.hpp>
#include <lamina/topology/run.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// Memory for the statistics of a batch; none if there are none.
template <int Count>
struct Statistics {
    double numbers[std::size_t{Count}] = {};
    [[nodiscard]] constexpr double* data() noexcept { return numbers; }
};
template <>
struct Statistics<0> {
    [[nodiscard]] static constexpr double* data() noexcept { return nullptr; }
};

/// A pass for training, which keeps what backward needs.
///     pass.input() = ...;  pass.forward(numbers);
///     pass.output_gradient() = ...;  pass.backward(numbers, gradients);
/// Of a network with a layer that needs the whole batch, a batch of several packs passes segment by segment;
/// see `Trainer`.
template <class Plan, class E, bool InputGradient = false>
class TrainingPass {
    using F = typename Plan::Training;
    static constexpr auto& table = F::table;
    static constexpr auto& workspace = Plan::template training<InputGradient>;
    static constexpr auto& operations = F::operations;
    using T = scalar_of<E>;

  public:
    static constexpr int segments = F::segments;

    [[nodiscard]] constexpr auto input() noexcept { return value<0>(); }
    [[nodiscard]] constexpr auto output() noexcept { return value<table.result>(); }
    [[nodiscard]] constexpr auto output_gradient() noexcept { return gradient_view<table.result>(); }
    [[nodiscard]] constexpr auto input_gradient() noexcept requires InputGradient {
        return gradient_view<0>();
    }
    /// The statistics that this pack has gathered.
    [[nodiscard]] constexpr double* statistics() noexcept { return statistics_.data(); }

    /// Forward, of a batch that is this pack.
    constexpr void forward(const T* numbers, const PassSamples& samples = {0, lanes_of<E>}) noexcept {
        for_each_index<segments>([&](auto s) {
            forward_segment<s>(numbers, statistics(), samples);
            if constexpr (s + 1 < segments) {
                T kept[static_cast<std::size_t>(table.kept > 0 ? table.kept : 1)] = {};
                finish_statistics<s + 1>(statistics(), kept);
            }
        });
    }
    /// Adds to `gradients`, which have the layout of the parameters, or overwrites them. Overwrites the
    /// output's gradient. If several passes share the gradients, `turns` decides whose turn it is.
    constexpr void backward(const T* numbers, T* gradients, bool overwrite = false,
                            const PassSamples& samples = {0, lanes_of<E>}) noexcept {
        NoTurns turns;
        for_each_index<segments>([&](auto i) {
            constexpr int S = segments - 1 - i;
            backward_segment<S>(numbers, gradients, overwrite, turns, statistics(), samples);
            if constexpr (S > 0)
                finish_gradients<S>(statistics(), gradients, overwrite);
        });
    }

    /// One segment; `batch` are the statistics of the whole batch. It ends with the gathering of those that
    /// the next segment needs.
    template <int S>
    constexpr void forward_segment(const T* numbers, double* batch, const PassSamples& samples) noexcept {
        for_each_index<F::start_of(S + 1) - F::start_of(S)>(
            [&](auto i) { operation_forward<F::start_of(S) + i>(numbers, batch, samples); });
        if constexpr (S + 1 < segments) {
            constexpr int I = F::start_of(S + 1);
            using P = typename F::template at<I>::placed;
            double* const own = statistics() + workspace.operations[I].gathered_offset;
            own[0] = P::layer::gather(as_const(value<F::input(I)>()), samples.count,
                                      list_at<typename P::gathered, false>(own + 1));
        }
    }
    /// One segment of backward, the last first. It begins with the input gradient of the layer that needed
    /// the batch, and ends with the gathering for that before it.
    template <int S>
    constexpr void backward_segment(const T* numbers, T* gradients, bool overwrite, auto& turns,
                                    double* batch, const PassSamples& samples) noexcept {
        constexpr int first = F::start_of(S), end = F::start_of(S + 1), own = S > 0 ? first + 1 : first;
        if constexpr (S + 1 < segments)
            run_backward_through_layer<typename F::template at<end>>(
                arguments<end>(numbers, gradients, overwrite, turns, batch, batch, samples),
                value<F::input(end)>(), gradient<end, 0>());
        for_each_index<end - own>([&](auto i) {
            operation_backward<end - 1 - i>(numbers, gradients, overwrite, turns, batch, samples);
        });
        if constexpr (S > 0)
            run_backward_to_layer<typename F::template at<first>>(
                arguments<first>(numbers, gradients, overwrite, turns, batch, statistics(), samples),
                value<F::input(first)>());
    }

    /// The layer whose statistics segment `S` needs, and over how many elements they were gathered.
    template <int S>
    static constexpr int layer_of = operations.all[F::start_of(S)].element;
    template <int S>
    [[nodiscard]] static constexpr double count_of(const double* batch) noexcept {
        return batch[workspace.operations[F::start_of(S)].gathered_offset];
    }
    /// Merges what another pack has gathered for segment `S`. The order of merging is part of the result.
    template <int S>
    static constexpr void merge_statistics(double* into, const double* more) noexcept {
        constexpr int I = F::start_of(S), offset = workspace.operations[I].gathered_offset;
        using P = typename F::template at<I>::placed;
        into[offset] = P::layer::merge(
            into[offset], list_at<typename P::gathered, false>(into + offset + 1), more[offset],
            list_at<typename P::gathered, false>(const_cast<double*>(more) + offset + 1));
    }
    /// When all are merged: moves `kept`, the kept tensors of the model.
    template <int S>
    static constexpr void finish_statistics(double* batch, T* kept) noexcept {
        constexpr int I = F::start_of(S);
        using P = typename F::template at<I>::placed;
        double* const own = batch + workspace.operations[I].gathered_offset;
        P::layer::finish(own[0], list_at<typename P::gathered, false>(own + 1),
                         P::kept_at(kept + table.elements[operations.all[I].element].kept_offset));
    }
    /// The same for the statistics of gradients, which are sums.
    template <int S>
    static constexpr void merge_gradients(double* into, const double* more) noexcept {
        constexpr int I = F::start_of(S), offset = workspace.operations[I].gathered_gradient_offset;
        using P = typename F::template at<I>::placed;
        for (int i = 1; i <= elements_of<typename P::gathered_gradient>; ++i)
            into[offset + i] += more[offset + i];
    }
    template <int S>
    static constexpr void finish_gradients(double* batch, T* gradients, bool overwrite) noexcept {
        constexpr int I = F::start_of(S);
        constexpr const Element& element = table.elements[operations.all[I].element];
        using P = typename F::template at<I>::placed;
        T* const own = gradients + element.trained_offset;
        for (long long i = 0; overwrite && i < P::trained_extent; ++i)
            own[i] = 0;
        if constexpr (P::learns)
            P::layer::parameter_gradient(list_at<typename P::gathered_gradient, false>(
                                             batch + workspace.operations[I].gathered_gradient_offset + 1),
                                         P::parameters(own));
    }

    /// One operation, as benchmarks call it too: forward, and backward.
    template <int I>
    [[gnu::always_inline]] constexpr void operation_forward(const T* numbers, double* batch = nullptr,
                                                            const PassSamples& samples = {}) noexcept {
        with_indices<F::inputs(I)>([&](auto... k) {
            run_forward<typename F::template at<I>, true>(
                memory<I>(numbers, batch, samples), value<operations.all[I].output>(),
                value<operations.all[I].addend>(), input_of<I, k>()...);
        });
    }
    template <int I>
    [[gnu::always_inline]] constexpr void operation_backward(const T* numbers, T* gradients, bool overwrite,
                                                             auto& turns, double* batch = nullptr,
                                                             const PassSamples& samples = {}) noexcept {
        constexpr Operation op = operations.all[I];
        using Code = typename F::template at<I>;
        if constexpr (F::facts(I).is_join) {
            with_indices<F::inputs(I)>([&](auto... k) {
                const auto gradient_of = [&](auto branch) {
                    constexpr int V = F::input(I, branch);
                    if constexpr (F::has_gradient(V, InputGradient) &&
                                  workspace.values[V].gradient_inside != op.output)
                        run_join_backward<typename Code::join, branch>(
                            gradient_view<op.output>(), gradient<I, branch>(), value<F::input(I, k)>()...);
                };
                (gradient_of(k), ...);
            });
        } else {
            run_backward<Code>(arguments<I>(numbers, gradients, overwrite, turns, batch, batch, samples),
                               value<F::input(I)>(), gradient<I, 0>());
        }
    }

    /// A value as it lies in the workspace, and its gradient.
    template <int V>
    [[nodiscard]] constexpr auto value() noexcept {
        if constexpr (V < 0) {
            return Unwanted{};
        } else {
            using S = typename Plan::Inferred::template shape_at<V>;
            using layout = Layout<S, workspace.values[V].halo>;
            return View<E, S, layout::halo>{values_ + workspace.values[V].offset + layout::origin};
        }
    }
    template <int V>
    [[nodiscard]] constexpr auto gradient_view() noexcept {
        using S = typename Plan::Inferred::template shape_at<V>;
        using layout = Layout<S, workspace.values[V].gradient_halo>;
        return View<E, S, layout::halo>{values_ + workspace.values[V].gradient_offset + layout::origin};
    }

  private:
    template <int I>
    [[nodiscard, gnu::always_inline]] constexpr auto memory(const T* numbers, double* gathered,
                                                            const PassSamples& samples) noexcept {
        return memory_of<F, I, E>(numbers, values_ + workspace.operations[I].saved_offset,
                                  gathered + workspace.operations[I].gathered_offset,
                                  gathered + workspace.operations[I].gathered_gradient_offset, samples);
    }
    /// `gradient_statistics`: those of the batch to be read, or those of this pack to be written.
    template <int I>
    [[nodiscard, gnu::always_inline]] constexpr auto
    arguments(const T* numbers, T* gradients, bool overwrite, auto& turns, double* batch,
              double* gradient_statistics, const PassSamples& samples) noexcept {
        constexpr Operation op = operations.all[I];
        auto m = memory<I>(numbers, batch, samples);
        if constexpr (requires { m.gathered_gradient; })
            m.gathered_gradient = gradient_statistics + workspace.operations[I].gathered_gradient_offset;
        return Backward{m,
                        gradients + table.elements[op.element].trained_offset,
                        overwrite,
                        as_const(value<op.output>()),
                        gradient_view<op.output>(),
                        gradient<I, -1>(),
                        values_ + workspace.operations[I].scratch_offset,
                        &turns,
                        I};
    }
    /// The K-th input of operation `I`, unless it is a part of the output.
    template <int I, int K>
    [[nodiscard]] constexpr auto input_of() noexcept {
        constexpr int V = F::input(I, K);
        if constexpr (F::facts(I).is_join && workspace.values[V].inside == operations.all[I].output)
            return joins::InPlace<typename Plan::Inferred::template shape_at<V>>{};
        else
            return value<V>();
    }
    /// The gradient of the K-th input of operation `I`, or of its addend.
    template <int I, int K>
    [[nodiscard]] constexpr auto gradient() noexcept {
        constexpr Operation op = operations.all[I];
        constexpr int V = K < 0 ? op.addend : table.input(op.element, K < 0 ? 0 : K);
        if constexpr (V < 0 || !F::has_gradient(V < 0 ? 0 : V, InputGradient) ||
                      workspace.values[V < 0 ? 0 : V].gradient_inside == op.output)
            return Unwanted{}; // or is that of the output already
        else if constexpr (F::adds(I, K))
            return AddedTo<decltype(gradient_view<V>())>{gradient_view<V>()};
        else
            return Overwritten<decltype(gradient_view<V>())>{gradient_view<V>()};
    }

    alignas(64) E values_[static_cast<std::size_t>(workspace.extent)];
    [[no_unique_address]] Statistics<workspace.gathered_extent> statistics_;
};

template <class Plan, class E, bool InputGradient>
    requires requires {
        typename decltype(find_training_fault<Plan, E, InputGradient>())::type;
    }
class TrainingPass<Plan, E, InputGradient>
    : public OversizedPass<Plan, E, typename decltype(find_training_fault<Plan, E, InputGradient>())::type> {
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
