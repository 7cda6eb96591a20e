// The plan: the operations of a model, and where every value and every gradient lies in the workspace.
#pragma once

#include <lamina/indices.hpp>
#include <lamina/problem/network.hpp>
#include <lamina/topology/fused.hpp>
#include <lamina/topology/layout.hpp>
#include <lamina/topology/place.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace lamina::inline LAMINA_ABI::topology {

/// The largest number of elements of a pass: an int can count them, and one object can hold them.
template <class E>
inline constexpr long long most_elements = PTRDIFF_MAX / sizeof(E) < 2'147'483'647
                                               ? static_cast<long long>(PTRDIFF_MAX / sizeof(E))
                                               : 2'147'483'647;

template <class F, Samples S, Concats Of>
[[nodiscard]] consteval Workspace<F::values> place_values() noexcept {
    Workspace<F::values> w;
    lay_out<F, S, Of>(w);
    Buffers<F::values> buffers;
    for (int v = 0; v < F::values; ++v) {
        Buffer b = F::lifetime(v);
        b.extent = w.values[v].extent;
        buffers.add(b);
    }
    for (int v = 0; v < F::values; ++v)
        if (F::is_stored(v))
            buffers.all[whole_of<F>(w, v)].cover(F::lifetime(v));
    buffers.place();
    for (int v = 0; v < F::values; ++v)
        w.values[v].offset += buffers.all[whole_of<F>(w, v)].offset;
    w.extent = buffers.extent;
    return w;
}
// Variables, because g++ 12 spoils what a function has returned once a member of a temporary copy was asked
// for.
template <class F, Samples S, Concats Of>
inline constexpr auto placed_values = place_values<F, S, Of>();
/// Inference: values that are no longer needed make room for others. Concats are in place unless copying
/// takes less memory: where parts lie in a whole, that is needed as soon as the first of them.
template <class F, Samples S>
[[nodiscard]] consteval Concats best_concats() noexcept {
    if constexpr (F::table.concats())
        return placed_values<F, S, Concats::in_place>.extent <= placed_values<F, S, Concats::copied>.extent
                   ? Concats::in_place
                   : Concats::copied;
    else
        return Concats::in_place;
}

/// Training: all values one after another; the gradients of values, with the scratch memory of backward, as
/// far as they are needed at the same time; and what operations save from forward to backward.
template <class F, bool InputGradient>
[[nodiscard]] consteval auto place_training() noexcept {
    Workspace<F::values> w;
    lay_out<F, Samples::pack, Concats::in_place>(w);
    constexpr auto& ops = F::operations;
    long long starts[static_cast<std::size_t>(F::values)] = {};
    for (int v = 0; v < F::values; ++v) {
        starts[v] = w.values_extent;
        w.values_extent += w.values[v].extent;
    }
    for (int v = 0; v < F::values; ++v)
        w.values[v].offset += starts[whole_of<F>(w, v)];
    Buffers<2 * F::values> buffers;
    const auto backward = [&](int v) { // moment t is that of operation count - 1 - t
        const Buffer life = F::lifetime(v);
        return Buffer{F::has_gradient(v, InputGradient) ? w.values[v].gradient_extent : 0,
                      ops.count - 1 - life.to, ops.count - 1 - (v > 0 ? life.from : 0)};
    };
    for (int v = 0; v < F::values; ++v)
        buffers.add(backward(v));
    for (int v = 0; v < F::values; ++v)
        if (F::is_stored(v))
            buffers.all[whole_of_gradient<F>(w, v)].cover(backward(v));
    with_indices<F::count>([&](auto... i) {
        ((w.operations[i].scratch_extent =
              F::template at<i>::template scratch_extent<F::adds(i, 0),
                                                         F::has_gradient(F::input(i), InputGradient)>),
         ...);
    });
    for (int op = 0; op < ops.count; ++op)
        buffers.add({w.operations[op].scratch_extent, ops.count - 1 - op, ops.count - 1 - op, 0, true});
    buffers.place();
    for (int v = 0; v < F::values; ++v)
        w.values[v].gradient_offset += w.values_extent + buffers.all[whole_of_gradient<F>(w, v)].offset;
    w.extent = w.values_extent + buffers.extent;
    for (int op = 0; op < ops.count; ++op)
        w.operations[op].scratch_offset = w.values_extent + buffers.all[F::values + op].offset;
    with_indices<F::count>([&](auto... i) {
        ((w.operations[i].saved_offset = w.extent, w.extent += F::template at<i>::saved), ...);
        const auto gather = [&](auto op) {
            if constexpr (F::starts_segment(op)) {
                using P = typename F::template at<op>::placed;
                w.operations[op].gathered_offset = w.gathered_extent;
                w.gathered_extent += 1 + elements_of<typename P::gathered>;
                w.operations[op].gathered_gradient_offset = w.gathered_extent;
                w.gathered_extent += 1 + elements_of<typename P::gathered_gradient>;
            }
        };
        if constexpr (F::segments > 1)
            (gather(i), ...);
    });
    return w;
}

/// The plan is made while compiling. Offsets and extents count elements. An element is a number for one
/// sample and a pack for a batch, so both have the same plan.
template <class Inferred_, Fusion On = Fusion::on>
struct Plan {
    using Inferred = Inferred_;
    using Training = Fused<Inferred, On, Purpose::training>;
    using Inference = Fused<Inferred, On, Purpose::inference>;
    static constexpr int count = Training::count;

    template <Samples S>
    static constexpr auto inference = placed_values<Inference, S, best_concats<Inference, S>()>;
    template <bool InputGradient>
    static constexpr auto training = place_training<Training, InputGradient>();

    /// The halo of the input in a batch, in inference and training alike.
    static constexpr int input_halo = training<false>.values[0].halo;
};

/// The problem of a pass that computes in `E`, or `none`: the first operation at which the values, together
/// with the others that are needed then, are too many. Both orders are checked, so that all passes of a model
/// report the same problem and the user sees one error.
template <class Plan, class E>
[[nodiscard]] consteval auto find_inference_fault() noexcept {
    using F = typename Plan::Inference;
    constexpr auto &packs = Plan::template inference<Samples::pack>,
                   &one = Plan::template inference<Samples::one>;
    constexpr long long most = most_elements<E>;
    if constexpr (packs.extent <= most && one.extent <= most) {
        return none{};
    } else {
        constexpr auto needed = [](int op) {
            long long sums[2] = {};
            for (int v = 0; v < F::values; ++v)
                if (const Buffer life = F::lifetime(v); life.from <= op && op <= life.to) {
                    sums[0] += packs.values[v].extent;
                    sums[1] += one.values[v].extent;
                }
            return sums[0] > sums[1] ? sums[0] : sums[1];
        };
        constexpr int first = [=] {
            int op = 0;
            while (op + 1 < F::count && needed(op) <= most)
                ++op;
            return op;
        }();
        constexpr long long extent = needed(first) > most  ? needed(first)
                                     : packs.extent > most ? packs.extent
                                                           : one.extent;
        return fault<typename F::template place_at<first>::template activations<
            extent>::template are_more_than<most>>{};
    }
}
template <class Plan, class E, bool InputGradient>
[[nodiscard]] consteval auto find_training_fault() noexcept {
    using F = typename Plan::Training;
    constexpr auto& w = Plan::template training<InputGradient>;
    constexpr long long most = most_elements<E>;
    if constexpr (w.extent <= most) {
        return none{};
    } else {
        constexpr auto end_of = [](int op) { // of the values up to the one that it computes
            const StoredValue& output = w.values[F::operations.all[op].output];
            return output.offset + output.extent;
        };
        constexpr int first = [=] { // or the last, if it takes all gradients too
            int op = 0;
            while (op + 1 < F::count && end_of(op) <= most)
                ++op;
            return op;
        }();
        constexpr long long extent = end_of(first) > most ? end_of(first) : w.extent;
        return fault<typename F::template place_at<first>::template activations<
            extent>::template are_more_than<most>>{};
    }
}

} // namespace lamina::inline LAMINA_ABI::topology
