// The statistics of a batch, which layers need that see all of it: what the packs have gathered is merged.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/plan.hpp>

#include <cstddef>
#include <utility>

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

/// f<s>(), for a segment of those from `First` to below `End`.
template <int First, int End, class F>
constexpr void at_segment(int s, F f) noexcept {
    [&]<int... S>(std::integer_sequence<int, S...>) {
        ((s == First + S ? f.template operator()<First + S>() : void()), ...);
    }
    (std::make_integer_sequence<int, End - First>{});
}

/// The functions of a training pass on statistics, from segment 1 on; none if there is one segment alone.
template <class Plan, class T, bool InputGradient, bool Several = (Plan::Training::flow.segments() > 1)>
class BatchStatistics {};
template <class Plan, class T, bool InputGradient>
class BatchStatistics<Plan, T, InputGradient, true> {
    using F = typename Plan::Training;
    static constexpr auto& table = F::table;
    static constexpr auto& workspace = Plan::template training<InputGradient>;
    static constexpr auto& operations = F::operations;
    static constexpr auto& flow = F::flow;

  public:
    /// Over how many elements the statistics were gathered that segment `S` needs.
    template <int S>
    [[nodiscard]] static constexpr double count_of(const double* batch) noexcept {
        return batch[workspace.operations[flow.start_of(S)].gathered_offset];
    }
    /// Merges what another pack has gathered for segment `S`. The order of merging is part of the result.
    template <int S>
    static constexpr void merge_statistics(double* into, const double* more) noexcept {
        constexpr int I = flow.start_of(S), offset = workspace.operations[I].gathered_offset;
        using P = typename F::template at<I>::placed;
        into[offset] = typename P::layer{}.merge(
            into[offset], list_at<typename P::gathered, false>(into + offset + 1), more[offset],
            list_at<typename P::gathered, false>(const_cast<double*>(more) + offset + 1));
    }
    /// When all are merged: moves `kept`, the kept tensors of the model.
    template <int S>
    static constexpr void finish_statistics(double* batch, T* kept) noexcept {
        constexpr int I = flow.start_of(S);
        using P = typename F::template at<I>::placed;
        double* const own = batch + workspace.operations[I].gathered_offset;
        typename P::layer{}.finish(own[0], list_at<typename P::gathered, false>(own + 1),
                                   P::kept_at(kept + table.elements[operations.all[I].element].kept_offset));
    }
    /// The same for the statistics of gradients, which are sums.
    template <int S>
    static constexpr void merge_gradients(double* into, const double* more) noexcept {
        constexpr int I = flow.start_of(S), offset = workspace.operations[I].gathered_gradient_offset;
        using P = typename F::template at<I>::placed;
        for (int i = 1; i <= elements_of<typename P::gathered_gradient>; ++i)
            into[offset + i] += more[offset + i];
    }
    template <int S>
    static constexpr void finish_gradients(double* batch, T* gradients, bool overwrite) noexcept {
        constexpr int I = flow.start_of(S);
        constexpr const Element& element = table.elements[operations.all[I].element];
        using P = typename F::template at<I>::placed;
        T* const own = gradients + element.trained_offset;
        for (long long i = 0; overwrite && i < P::trained_extent; ++i)
            own[i] = 0;
        if constexpr (P::learns)
            typename P::layer{}.parameter_gradient(
                list_at<typename P::gathered_gradient, false>(
                    batch + workspace.operations[I].gathered_gradient_offset + 1),
                P::parameters(own));
    }

    // The same with the number of the segment as an argument, for loops over segments.
    /// The layer whose statistics the segment needs.
    [[nodiscard]] static constexpr int layer_of(int s) noexcept {
        int layer = 0;
        at_segment<1, F::flow.segments()>(s,
                                          [&]<int S> { layer = operations.all[flow.start_of(S)].element; });
        return layer;
    }
    [[nodiscard]] static constexpr double count_of(int s, const double* batch) noexcept {
        double count = 0;
        at_segment<1, F::flow.segments()>(s, [&]<int S> { count = count_of<S>(batch); });
        return count;
    }
    static constexpr void merge_statistics(int s, double* into, const double* more) noexcept {
        at_segment<1, F::flow.segments()>(s, [&]<int S> { merge_statistics<S>(into, more); });
    }
    static constexpr void finish_statistics(int s, double* batch, T* kept) noexcept {
        at_segment<1, F::flow.segments()>(s, [&]<int S> { finish_statistics<S>(batch, kept); });
    }
    static constexpr void merge_gradients(int s, double* into, const double* more) noexcept {
        at_segment<1, F::flow.segments()>(s, [&]<int S> { merge_gradients<S>(into, more); });
    }
    static constexpr void finish_gradients(int s, double* batch, T* gradients, bool overwrite) noexcept {
        at_segment<1, F::flow.segments()>(s,
                                          [&]<int S> { finish_gradients<S>(batch, gradients, overwrite); });
    }
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
