// Two packs of samples forward in training, each weight loaded once for both.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/topology/paired_pass.hpp>
#include <lamina/topology/training_pass.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// Operation `I` of both. A layer that reads a copy of its input, which is rare, computes one after another.
template <int I, class Plan, class E>
void forward_operation(TrainingPass<Plan, E>& one, TrainingPass<Plan, E>& other, const scalar_of<E>* numbers,
                       const PassSamples& samples, const PassSamples& of_other) noexcept {
    using F = typename Plan::Training;
    using Both = OfTwoPacks<typename F::template at<I>>;
    constexpr Operation op = F::operations.all[I];
    constexpr int X = F::flow.input(I);
    if constexpr (Both::exists && op.addend < 0 && !Plan::template training<false>.values[X].has_copy()) {
        Both::forward(numbers + F::table.elements[op.element].trained_offset, one.template value<op.output>(),
                      other.template value<op.output>(), one.template value<X>(), other.template value<X>(),
                      kernels::InLanes{});
    } else {
        one.template operation_forward<I>(numbers, one.statistics(), samples);
        other.template operation_forward<I>(numbers, other.statistics(), of_other);
    }
}
template <class Plan, class E>
void forward_both(TrainingPass<Plan, E>& one, TrainingPass<Plan, E>& other, const scalar_of<E>* numbers,
                  const PassSamples& samples, const PassSamples& of_other) noexcept {
    with_indices<Plan::Training::operations.count>(
        [&](auto... i) { (forward_operation<i>(one, other, numbers, samples, of_other), ...); });
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
