// Where every value and every gradient of a pass lies in its workspace. Offsets and extents count elements: a
// number for one sample, a pack for a batch, so both have the same plan.
#pragma once

#include <lamina/topology/layout.hpp>
#include <lamina/topology/place.hpp>

namespace lamina::inline LAMINA_ABI::topology {

// `auto w = Workspace<...>()`, because g++ 12 evaluates `Workspace<...> w` in a function only once, and what
// the function has made of it is there the next time.

/// Whether no max pool of another size than 2x2 is computed along: with that, a layer does without another
/// algorithm.
[[nodiscard]] constexpr bool pools_by_two_or_not(const auto& flow, int op) noexcept {
    const int pool = flow.operations.all[op].pool;
    return pool < 0 || flow.table.elements[pool].facts.tiling_max_pool == 2;
}
/// The scratch memory of an operation's forward, in a batch.
[[nodiscard]] constexpr long long forward_scratch(const auto& flow, int op) noexcept {
    return pools_by_two_or_not(flow, op) ? flow.facts(op).scratch : 0;
}

/// Inference: values that are no longer needed make room for others.
template <class F>
[[nodiscard]] constexpr auto place_values(const F& flow, Samples samples, Concats concats) {
    auto w = Workspace<F::most_values>();
    lay_out(flow, samples, concats, w);
    auto buffers = Buffers<buffers_of(F::most_values)>();
    for (int v = 0; v < flow.values(); ++v) {
        Buffer b = flow.lifetime(v);
        b.extent = w.values[v].extent;
        buffers.add(b);
    }
    for (int v = 0; v < flow.values(); ++v)
        if (flow.is_stored(v))
            buffers.all[whole_of(flow, w, v)].cover(flow.lifetime(v));
    const auto has_scratch = [&](int op) {
        return samples == Samples::pack && forward_scratch(flow, op) > 0;
    };
    for (int op = 0; op < flow.operations.count; ++op)
        if (has_scratch(op))
            buffers.add({forward_scratch(flow, op), op, op, 0, true});
    buffers.place();
    for (int op = 0, scratch = flow.values(); op < flow.operations.count; ++op)
        if (has_scratch(op))
            w.operations[op].scratch_offset = buffers.all[scratch++].offset;
    for (int v = 0; v < flow.values(); ++v)
        w.values[v].offset += buffers.all[whole_of(flow, w, v)].offset;
    w.extent = buffers.extent;
    return w;
}
/// Concats are in place unless copying takes less memory: where parts lie in a whole, that is needed as soon
/// as the first of them.
[[nodiscard]] constexpr Concats best_concats(const auto& in_place, const auto& copied) noexcept {
    return in_place.extent <= copied.extent ? Concats::in_place : Concats::copied;
}

/// What the code of an operation needs in training.
struct OperationNeeds {
    long long scratch = 0, saved = 0;
    int gathered = 0, gathered_gradient = 0; ///< numbers of statistics, if it needs the whole batch
};
template <int Count>
struct AllNeeds {
    Storage<OperationNeeds, Count> of;
};

/// Training: all values one after another, then those that are computed again, in one place; the gradients of
/// values, with the scratch memory of backward, as far as they are needed at the same time; and what
/// operations save from forward to backward.
template <class F>
[[nodiscard]] constexpr auto place_training(const F& flow, bool input_gradient, const OperationNeeds* needs) {
    auto w = Workspace<F::most_values>();
    lay_out(flow, Samples::pack, Concats::in_place, w);
    const int values = flow.values(), count = flow.operations.count;
    Storage<long long, F::most_values> starts = {};
    if constexpr (F::most_values == run_time)
        starts.resize(values);
    long long most_again = 0;
    for (int v = 0; v < values; ++v) {
        StoredValue& own = w.values[v];
        own.is_computed_again = flow.is_computed_again(v) && own.inside < 0 && !own.has_copy();
        if (own.is_computed_again) {
            most_again = own.extent > most_again ? own.extent : most_again;
        } else {
            starts[v] = w.values_extent;
            w.values_extent += own.extent;
        }
    }
    for (int v = 0; v < values; ++v)
        if (w.values[v].is_computed_again)
            starts[v] = w.values_extent;
    w.values_extent += most_again;
    for (int v = 0; v < values; ++v) {
        const int whole = whole_of(flow, w, v);
        w.values[v].offset += starts[whole];
        w.values[v].is_computed_again = w.values[whole].is_computed_again; // views of it are, too
    }
    auto buffers = Buffers<buffers_of(F::most_values)>();
    const auto backward = [&](int v) { // moment t is that of operation count - 1 - t
        const Buffer life = flow.lifetime(v);
        return Buffer{flow.has_gradient(v, input_gradient) ? w.values[v].gradient_extent : 0,
                      count - 1 - life.to, count - 1 - (v > 0 ? life.from : 0)};
    };
    for (int v = 0; v < values; ++v)
        buffers.add(backward(v));
    for (int v = 0; v < values; ++v)
        if (flow.is_stored(v))
            buffers.all[whole_of_gradient(flow, w, v)].cover(backward(v));
    for (int op = 0; op < count; ++op) {
        w.operations[op].scratch_extent = needs[op].scratch;
        buffers.add({needs[op].scratch, count - 1 - op, count - 1 - op, 0, true});
    }
    buffers.place();
    for (int v = 0; v < values; ++v)
        w.values[v].gradient_offset += w.values_extent + buffers.all[whole_of_gradient(flow, w, v)].offset;
    // Forward's scratch memory lies where the gradients will.
    long long most = buffers.extent;
    for (int op = 0; op < count; ++op)
        most = forward_scratch(flow, op) > most ? forward_scratch(flow, op) : most;
    w.extent = w.values_extent + most;
    for (int op = 0; op < count; ++op) {
        OperationMemory& own = w.operations[op];
        own.scratch_offset = w.values_extent + buffers.all[values + op].offset;
        own.saved_offset = w.extent;
        w.extent += needs[op].saved;
        if (flow.starts_segment(op)) { // statistics begin with the number of elements that they are of
            own.gathered_offset = w.gathered_extent;
            own.gathered_gradient_offset = own.gathered_offset + 1 + needs[op].gathered;
            w.gathered_extent = own.gathered_gradient_offset + 1 + needs[op].gathered_gradient;
        }
    }
    return w;
}

/// An operation at which the elements that are needed are too many, and their number; -1 if there is none.
struct TooMany {
    int operation = -1;
    long long extent = 0;
};
/// The first operation at which the values, together with the others that are needed then, are too many. Both
/// orders are checked, so that all passes of a model report the same problem and the user sees one error.
[[nodiscard]] constexpr TooMany too_many_values(const auto& flow, const auto& packs, const auto& one,
                                                long long most) noexcept {
    if (packs.extent <= most && one.extent <= most)
        return {};
    const auto needed = [&](int op) {
        long long sums[2] = {};
        for (int v = 0; v < flow.values(); ++v)
            if (const Buffer life = flow.lifetime(v); life.from <= op && op <= life.to) {
                sums[0] += packs.values[v].extent;
                sums[1] += one.values[v].extent;
            }
        return sums[0] > sums[1] ? sums[0] : sums[1];
    };
    int op = 0;
    while (op + 1 < flow.operations.count && needed(op) <= most)
        ++op;
    return {op, needed(op) > most ? needed(op) : packs.extent > most ? packs.extent : one.extent};
}
/// The same in training: the operation whose value is too many with those before it, or the last one, if it
/// takes all gradients too.
[[nodiscard]] constexpr TooMany too_many_in_training(const auto& flow, const auto& w,
                                                     long long most) noexcept {
    if (w.extent <= most)
        return {};
    const auto end_of = [&](int op) {
        const StoredValue& output = w.values[flow.operations.all[op].output];
        return output.offset + output.extent;
    };
    int op = 0;
    while (op + 1 < flow.operations.count && end_of(op) <= most)
        ++op;
    return {op, end_of(op) > most ? end_of(op) : w.extent};
}

} // namespace lamina::inline LAMINA_ABI::topology
