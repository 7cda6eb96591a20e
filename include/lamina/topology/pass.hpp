// A pass through the network: the workspace that the plan has laid out, and the loop over its operations.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/topology/plan.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

template <class E, class S, int Halo, Order O>
[[nodiscard]] constexpr View<const E, S, Halo, O> as_const(View<E, S, Halo, O> v) noexcept {
    return v;
}
[[nodiscard]] constexpr Unwanted as_const(Unwanted u) noexcept {
    return u;
}
template <class S>
[[nodiscard]] constexpr joins::InPlace<S> as_const(joins::InPlace<S> x) noexcept {
    return x;
}
template <class S>
constexpr void fill_halo_with_zeros(joins::InPlace<S> /*x*/) noexcept {}
using kernels::fill_halo_with_zeros;

// These are no members of a pass, so that operations that are the same, in one network or in several, are
// compiled once.

template <class Code, bool Training, class M, class Y, class R, class... X>
[[gnu::noinline]] constexpr void run_forward(M memory, Y y, R addend, X... x) noexcept {
    kernels::has_effects();
    (fill_halo_with_zeros(x), ...);
    Code::template forward<Training>(memory, y, as_const(addend), as_const(x)...);
}
template <class Code, class B, class X, class DX>
[[gnu::noinline]] constexpr void run_backward(B b, X x, DX dx) noexcept {
    kernels::has_effects();
    kernels::fill_halo_with_zeros(b.dy);
    Code::backward(b, as_const(x), dx);
}
/// The two parts of the backward of a layer that needs the whole batch: up to the gathering of its gradients'
/// statistics, and from there on.
template <class Code, class B, class X>
[[gnu::noinline]] constexpr void run_backward_to_layer(B b, X x) noexcept {
    kernels::has_effects();
    using P = typename Code::placed;
    Code::backward_to_layer(b);
    double* const own = b.memory.gathered_gradient;
    P::layer::gather_gradient(as_const(x), b.dy, list_at<typename P::gathered, false>(b.memory.gathered + 1),
                              list_at<typename P::gathered_gradient, false>(own + 1));
}
template <class Code, class B, class X, class DX>
[[gnu::noinline]] constexpr void run_backward_through_layer(B b, X x, DX dx) noexcept {
    kernels::has_effects();
    Code::backward_through_layer(b, as_const(x), dx);
}
/// The gradient of the K-th branch of a join.
template <class Join, int K, class DY, class DX, class... X>
[[gnu::noinline]] constexpr void run_join_backward(DY dy, DX dx, X... x) noexcept {
    kernels::has_effects();
    Join::template input_gradient<K>(dx, dy, dx.view, as_const(x)...);
}

/// The memory of operation `I`. `numbers` holds the model's tensors.
template <class F, int I, class E>
[[nodiscard, gnu::always_inline]] constexpr auto memory_of(const scalar_of<E>* numbers, E* saved,
                                                           double* gathered, double* gathered_gradient,
                                                           const PassSamples& samples) noexcept {
    using T = scalar_of<E>;
    using P = typename F::template at<I>::placed;
    constexpr const Element& element = F::table.elements[F::operations.all[I].element];
    const Memory<T, E> memory{numbers + element.trained_offset, saved};
    if constexpr (std::is_void_v<P>)
        return memory;
    else if constexpr (P::is_plain)
        return memory;
    else
        return FullMemory<T, E>{memory,   numbers + F::table.trained + element.kept_offset,
                                gathered, gathered_gradient,
                                samples,  F::operations.all[I].element};
}

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
template <class Plan, class E, Samples S>
    requires requires {
        typename decltype(find_inference_fault<Plan, E>())::type;
    }
class InferencePass<Plan, E, S>
    : public OversizedPass<Plan, E, typename decltype(find_inference_fault<Plan, E>())::type> {};

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
