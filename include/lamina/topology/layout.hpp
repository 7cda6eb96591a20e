// How values lie in memory: their halos and orders, and which are parts of others.
#pragma once

#include <lamina/tensor.hpp>
#include <lamina/topology/flow.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// What passes: one sample, also of a `Prepared` model, or a batch, a pack or two at a time.
enum class Samples { one, pack, prepared, two_packs };

/// How a value lies in memory, and its gradient.
struct StoredValue {
    pad halo{};
    Order order = Order::planes;
    pad gradient_halo{};
    long long extent = 0, gradient_extent = 0; ///< 0 if it is not stored, or part of another
    long long offset = 0, gradient_offset = 0;
    /// The value that it is a part of, from which index of the first axis on; -1 if of none. A gradient can
    /// be the whole of another, where one is only handed on.
    int inside = -1, first = 0;
    int gradient_inside = -1, gradient_first = 0;
    bool read_without_halo = false; ///< by a layer that takes none
    bool is_computed_again = false; ///< in backward: it lies where others of that kind do

    /// Where a view of it begins, and of its gradient.
    [[nodiscard]] constexpr long long start(const dims& d) const noexcept {
        return offset + stored_origin(d, halo, order);
    }
    [[nodiscard]] constexpr long long gradient_start(const dims& d) const noexcept {
        return gradient_offset + stored_origin(d, gradient_halo, Order::planes);
    }
    /// Whether a copy without halo is stored behind it; and where that begins.
    [[nodiscard]] constexpr bool has_copy() const noexcept { return read_without_halo && halo != pad{}; }
    [[nodiscard]] constexpr long long copy_start(const dims& d) const noexcept {
        return offset + stored_extent(d, halo, order);
    }
};
/// What an operation needs besides.
struct OperationMemory {
    long long scratch_extent = 0, scratch_offset = 0, saved_offset = 0;
    int gathered_offset = 0, gathered_gradient_offset = 0; ///< in doubles
};
/// The workspace of a pass.
template <int Values>
struct Workspace {
    Storage<StoredValue, Values> values;
    Storage<OperationMemory, Values> operations;
    long long values_extent = 0; ///< of all values of training, which come first
    long long extent = 0;
    int gathered_extent = 0; ///< of the statistics of a batch, in doubles
};

/// Whether branches write their share of a Concat where it will lie.
enum class Concats { copied, in_place };

/// Halos and orders: what all readers of a value need.
template <class F>
constexpr void set_layouts(const F& flow, Samples samples, Workspace<F::most_values>& w) noexcept {
    const auto& ops = flow.operations;
    for (int v = flow.values() - 1; v >= 0; --v) {
        const dims& extents = flow.table.extents_of(v);
        pad halo[2] = {};
        bool planes = false, channels_last = false;
        for (int op = ops.made_by[v] < 0 ? 0 : ops.made_by[v]; op <= ops.last_reader[v]; ++op) {
            if (!flow.reads(op, v))
                continue;
            const Facts& f = flow.facts(op);
            for (int order = 0; order < 2 && flow.has_input(op, v); ++order)
                halo[order].cover(f.input_halo[order]);
            w.values[v].read_without_halo |= !f.takes_halo && flow.has_input(op, v);
            const bool as_output = f.any_order && (extents.is_sequence || flow.table.branches());
            const Order wanted = as_output ? w.values[ops.all[op].output].order : f.one_sample_order;
            if (!f.prefers_planes)
                (wanted == Order::planes ? planes : channels_last) = true;
        }
        // What is only viewed under another shape is in planes; under the same one, it is as it is there.
        for (int other = v + 1; other <= ops.last_stored[v]; ++other) {
            if (ops.stored_in[other] != v)
                continue;
            const bool same = flow.table.extents_of(other) == extents;
            for (int order = 0; order < 2 && same; ++order)
                halo[order] = covering(w.values[other].halo, halo[order]);
            w.values[v].read_without_halo |= same && w.values[other].read_without_halo;
            (same && w.values[other].order == Order::channels_last ? channels_last : planes) = true;
        }
        StoredValue& own = w.values[v];
        const bool as_pixels = (samples == Samples::one || samples == Samples::prepared) &&
                               is_image(extents) && image_count(extents) == 0 && channels_last && !planes;
        own.order = as_pixels ? Order::channels_last : Order::planes;
        own.halo = halo[as_pixels ? 1 : 0];
        if (const int maker = ops.made_by[v]; maker >= 0)
            if (ops.all[maker].pool < 0)
                own.gradient_halo = flow.facts(maker).gradient_halo;
    }
}

/// Whether an operation may write the gradient of its input where that of its output is.
[[nodiscard]] constexpr bool is_in_place(const auto& flow, int op) noexcept {
    return flow.facts(op).gradient_in_place && flow.operations.all[op].addend < 0;
}

/// Makes values parts of others: the branches of a Concat of its output, which then costs no copy; and of
/// gradients also that which a sum only hands on, or a layer computes in place. A gradient can be so if
/// nobody has written to it before, in the order of backward. All parts of one memory have the same halo.
template <class F>
constexpr void join_parts(const F& flow, Concats concats, Workspace<F::most_values>& w) noexcept {
    const auto& ops = flow.operations;
    const auto is_once = [&](int op, int value) {
        int times = static_cast<int>(ops.all[op].addend >= 0 &&
                                     ops.stored_in[ops.all[op].addend] == ops.stored_in[value]);
        for (int k = 0; k < flow.inputs(op); ++k)
            times += static_cast<int>(ops.stored_in[flow.input(op, k)] == ops.stored_in[value]);
        return times == 1;
    };
    const auto is_viewed = [&](int value) { // under another shape, which needs a halo of 0
        return ops.last_stored[value] > value;
    };
    const auto put_value = [&](int value, int whole, int first) {
        StoredValue &own = w.values[value], &other = w.values[whole];
        const pad halo = covering(own.halo, other.halo);
        if (own.inside >= 0 || own.order != Order::planes || other.order != Order::planes ||
            (halo != pad{} && (is_viewed(whole) || is_viewed(value) || own.read_without_halo)))
            return;
        own.inside = whole;
        own.first = first;
        other.halo = halo;
    };
    const auto put_gradient = [&](int value, int whole, int first) {
        StoredValue &own = w.values[value], &other = w.values[whole];
        const pad halo = covering(own.gradient_halo, other.gradient_halo);
        if (own.gradient_inside >= 0 || (halo != pad{} && (is_viewed(whole) || is_viewed(value))))
            return;
        own.gradient_inside = whole;
        own.gradient_first = first;
        other.gradient_halo = halo;
    };
    for (int op = 0; op < ops.count; ++op) {
        const int output = ops.all[op].output;
        int first = 0, handed_on = -1; // the branch of a sum whose maker comes last in backward
        for (int k = 0; k < flow.inputs(op) && flow.facts(op).is_join; ++k) {
            const int value = flow.input(op, k);
            const bool can_be = value != 0 && flow.is_stored(value) && is_once(op, value);
            if (can_be && flow.facts(op).is_concat && concats == Concats::in_place &&
                image_count(flow.table.extents_of(value)) == 0) {
                put_value(value, output, first);
                if (!flow.adds(op, k))
                    put_gradient(value, output, first);
            }
            if (can_be && flow.facts(op).is_sum && !flow.adds(op, k) && (handed_on < 0 || value < handed_on))
                handed_on = value;
            first += flow.table.extents_of(value).extent[0];
        }
        if (const int addend = ops.all[op].addend;
            addend > 0 && flow.is_stored(addend) && is_once(op, addend) && !flow.adds(op, -1))
            handed_on = addend;
        if (handed_on >= 0)
            put_gradient(handed_on, output, 0);
        else if (const int value = flow.input(op);
                 is_in_place(flow, op) && value != 0 && flow.is_stored(value) && !flow.adds(op, 0))
            put_gradient(value, output, 0);
    }
    // What is a part has no memory of its own, and the halo of the whole.
    const auto plane = [](const dims& d,
                          const pad& halo) { // elements from one index of the first axis to the next
        return stored_extent(d, halo, Order::planes) / d.extent[0];
    };
    for (int v = flow.values() - 1; v >= 0; --v) {
        StoredValue& own = w.values[v];
        if (own.inside >= 0) {
            own.halo = w.values[own.inside].halo;
            own.first += w.values[own.inside].first;
        }
        if (own.gradient_inside >= 0) {
            own.gradient_halo = w.values[own.gradient_inside].gradient_halo;
            own.gradient_first += w.values[own.gradient_inside].gradient_first;
        }
        const dims& extents = flow.table.extents_of(v);
        own.offset = own.first * plane(extents, own.halo);
        own.gradient_offset = own.gradient_first * plane(extents, own.gradient_halo);
        if (flow.is_stored(v)) {
            own.extent = own.inside < 0 ? stored_extent(extents, own.halo, own.order) : 0;
            own.extent += own.has_copy() ? stored_extent(extents, pad{}, own.order) : 0;
            own.gradient_extent =
                own.gradient_inside < 0 ? stored_extent(extents, own.gradient_halo, Order::planes) : 0;
        }
    }
    for (int v = 1; v < flow.values(); ++v)
        if (ops.stored_in[v] != v) {
            const StoredValue& stored = w.values[ops.stored_in[v]];
            w.values[v].order = stored.order;
            w.values[v].halo = stored.halo;
            w.values[v].gradient_halo = stored.gradient_halo;
            w.values[v].offset = stored.offset;
            w.values[v].gradient_offset = stored.gradient_offset;
        }
}

template <class F>
constexpr void lay_out(const F& flow, Samples samples, Concats concats, Workspace<F::most_values>& w) {
    if constexpr (F::most_values == run_time) {
        w.values.resize(flow.values());
        w.operations.resize(flow.values());
    }
    set_layouts(flow, samples, w);
    join_parts(flow, concats, w);
}

/// Whether an operation computes the gradient of a value that it reads: not if that is the gradient of its
/// output already.
[[nodiscard]] constexpr bool computes_gradient(const auto& flow, const auto& w, int op, int value,
                                               bool input_gradient) noexcept {
    return flow.has_gradient(value, input_gradient) &&
           (w.values[value].gradient_inside != flow.operations.all[op].output || is_in_place(flow, op));
}

/// The value in whose memory a value lies, and that for its gradient.
[[nodiscard]] constexpr int whole_of(const auto& flow, const auto& w, int value) noexcept {
    value = flow.operations.stored_in[value];
    while (w.values[value].inside >= 0)
        value = w.values[value].inside;
    return value;
}
[[nodiscard]] constexpr int whole_of_gradient(const auto& flow, const auto& w, int value) noexcept {
    value = flow.operations.stored_in[value];
    while (w.values[value].gradient_inside >= 0)
        value = w.values[value].gradient_inside;
    return value;
}

} // namespace lamina::inline LAMINA_ABI::topology
