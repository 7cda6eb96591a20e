// The plan of a workspace: what is live at the same time does not overlap, and no more room is taken than
// that needs.
#include "../../benchmarks/runtime/networks.hpp"

#include <algorithm>

namespace {

namespace ln = lamina;

namespace topology = ln::topology;

/// A buffer: its part of the workspace, and the first and the last moment at which something is in it.
struct Range {
    long long begin = 0, size = 0;
    int from = 0, to = 0;
    [[nodiscard]] constexpr bool apart_from(const Range& other) const {
        return to < other.from || other.to < from || begin + size <= other.begin ||
               other.begin + other.size <= begin;
    }
    [[nodiscard]] constexpr bool inside(long long first, long long end) const {
        return begin >= first && begin + size <= end;
    }
};
template <int Most>
struct Ranges {
    Range all[std::size_t{Most}];
    int count = 0;

    constexpr void add(const Range& range) {
        if (range.size > 0)
            all[count++] = range;
    }
    [[nodiscard]] constexpr bool fit(long long first, long long end) const {
        for (int i = 0; i < count; ++i) {
            if (!all[i].inside(first, end))
                return false;
            for (int other = 0; other < i; ++other)
                if (!all[i].apart_from(all[other]))
                    return false;
        }
        return true;
    }
    /// The most that is needed at one moment.
    [[nodiscard]] constexpr long long needed() const {
        long long most = 0;
        for (int i = 0; i < count; ++i) {
            long long sum = 0;
            for (int other = 0; other < count; ++other)
                if (all[other].from <= all[i].from && all[i].from <= all[other].to)
                    sum += all[other].size;
            most = std::max(most, sum);
        }
        return most;
    }
};

/// Which operation writes a value, and which is the last that reads it or another view of it: found anew from
/// the list of operations.
template <class F>
struct Use {
    int written = -1, last_read = -1;

    consteval explicit Use(int value) {
        const auto& ops = F::operations;
        const auto is_it = [&](int other) { return other >= 0 && ops.stored_in[other] == value; };
        for (int i = 0; i < ops.count; ++i) {
            const topology::Operation& op = ops.all[i];
            const topology::Element& element = F::table.elements[op.element];
            bool reads = is_it(op.addend);
            for (int k = 0; k < element.inputs; ++k)
                reads = reads || is_it(F::table.inputs[element.first_input + k]);
            written = op.output == value ? i : written;
            last_read = reads ? i : last_read;
        }
        if (is_it(F::table.result))
            last_read = ops.count;
    }
};
/// Whether a value has memory of its own.
template <class F>
consteval bool is_in_memory(int value) {
    return F::operations.stored_in[value] == value && (value == 0 || Use<F>{value}.written >= 0);
}

/// Inference: a value is needed from the operation that writes it to the last one that reads it. In a chain
/// these are two operations, so no more room is taken than the widest operation needs, with its scratch
/// memory.
template <class Plan, topology::Samples S>
consteval bool inference_is_sound() {
    using F = typename Plan::Inference;
    constexpr auto& workspace = Plan::template inference<S>;
    Ranges<F::values + F::count> ranges;
    for (int op = 0; op < F::count && S == topology::Samples::pack; ++op)
        ranges.add({workspace.operations[op].scratch_offset, topology::forward_scratch(F::flow, op), op, op});
    for (int v = 0; v < F::values; ++v) {
        if (!is_in_memory<F>(v))
            continue;
        const Use<F> use{v};
        ranges.add({workspace.values[v].offset, workspace.values[v].extent, use.written, use.last_read});
    }
    return ranges.fit(0, workspace.extent) && workspace.extent == ranges.needed();
}

/// Training: all values are kept, and what operations save. A gradient is needed from the last operation that
/// reads the value to the one that writes it; an operation has its scratch memory beside the gradients, and
/// in forward where they will be.
template <class Plan, bool InputGradient>
consteval bool training_is_sound() {
    using F = typename Plan::Training;
    constexpr auto& workspace = Plan::template training<InputGradient>;
    Ranges<F::values> values;
    Ranges<F::values + F::count> gradients;
    Ranges<F::count> saved;
    long long saved_extent = 0;
    for (int v = 0; v < F::values; ++v) {
        if (!is_in_memory<F>(v))
            continue;
        const Use<F> use{v};
        const topology::StoredValue& value = workspace.values[v];
        values.add({value.offset, value.extent, 0, 0});
        if (v > 0 || InputGradient)
            gradients.add({value.gradient_offset, value.gradient_extent, F::count - 1 - use.last_read,
                           F::count - 1 - use.written});
    }
    ln::with_indices<F::count>([&](auto... i) {
        const auto add = [&](auto index) {
            using Code = typename F::template at<index>;
            const topology::OperationMemory& memory = workspace.operations[index];
            gradients.add(
                {memory.scratch_offset, memory.scratch_extent, F::count - 1 - index, F::count - 1 - index});
            saved.add({memory.saved_offset, Code::saved, 0, 0});
            saved_extent += Code::saved;
        };
        (add(i), ...);
    });
    const long long saved_from = workspace.extent - saved_extent;
    long long needed = gradients.needed();
    for (int op = 0; op < F::count; ++op)
        needed = std::max(needed, topology::forward_scratch(F::flow, op));
    return values.fit(0, workspace.values_extent) && gradients.fit(workspace.values_extent, saved_from) &&
           saved.fit(saved_from, workspace.extent) && saved_from - workspace.values_extent == needed;
}

/// Buffers have room for their halo, and those of channels-last images for a vector at the last pixel.
template <class F, class Workspace>
consteval bool halos_fit(const Workspace& workspace) {
    for (int v = 0; v < F::values; ++v) {
        if (!is_in_memory<F>(v))
            continue;
        const topology::StoredValue& value = workspace.values[v];
        const ln::dims extents = F::table.extents_of(v);
        const auto extent_with = [&](const ln::pad& halo) {
            if (extents.rank != 3)
                return static_cast<long long>(extents.size());
            return static_cast<long long>(extents[0]) * (extents[1] + halo.top + halo.bottom) *
                   (extents[2] + halo.left + halo.right);
        };
        if (value.extent != extent_with(value.halo) + (value.order == ln::Order::channels_last ? 16 : 0) ||
            value.gradient_extent != extent_with(value.gradient_halo))
            return false;
    }
    return true;
}

template <class Plan>
consteval bool sound() {
    using topology::Samples;
    return inference_is_sound<Plan, Samples::pack>() && inference_is_sound<Plan, Samples::one>() &&
           training_is_sound<Plan, false>() && training_is_sound<Plan, true>() &&
           halos_fit<typename Plan::Inference>(Plan::template inference<Samples::pack>) &&
           halos_fit<typename Plan::Inference>(Plan::template inference<Samples::one>) &&
           halos_fit<typename Plan::Training>(Plan::template training<true>);
}
template <class Net, class In>
consteval bool sound() {
    using topology::Samples;
    using Fused = typename ln::Model<Net, In>::plan;
    using Plain = topology::Plan<topology::Inferred<Net, In, float>, topology::Fusion::off>;
    return sound<Fused>() && sound<Plain>() &&
           Fused::template inference<Samples::pack>.extent <= Plain::template inference<Samples::pack>.extent;
}

static_assert(sound<bench::Card, ln::Shape<1, 28, 28>>());
static_assert(sound<bench::Lenet5, ln::Shape<1, 28, 28>>());
static_assert(sound<bench::Mlp, ln::Shape<784>>());
static_assert(sound<bench::VggSmall, ln::Shape<3, 32, 32>>());
static_assert(sound<ln::Net<ln::ReLU>, ln::Shape<5>>());
static_assert(sound<ln::Net<ln::Flatten, ln::Dense<3>, ln::Softmax>, ln::Shape<2, 3, 4>>());
static_assert(
    sound<ln::Net<ln::Conv<2, 3, 1, 2>, ln::Conv<3, 3, 2, 1>, ln::Sigmoid, ln::MaxPool<3, 3>, ln::Tanh>,
          ln::Shape<1, 11, 13>>());
static_assert(sound<ln::Net<ln::MaxPool<3, 2>, ln::Conv<4, 5, 3, 4>, ln::MaxPool<2, 2>, ln::Conv<8, 1>>,
                    ln::Shape<3, 17, 9>>());

// Numbers of elements: in a batch, of one sample, in training without and with the gradient of the input.
template <class Model>
consteval bool takes(long long batch, long long one, long long training, long long with_input_gradient) {
    using Plan = typename Model::plan;
    return Plan::template inference<topology::Samples::pack>.extent == batch &&
           Plan::template inference<topology::Samples::one>.extent == one &&
           Plan::template training<false>.extent == training &&
           Plan::template training<true>.extent == with_input_gradient;
}
static_assert(takes<bench::CardModel>(3'488, 3'504, 8'916, 22'170));
static_assert(takes<bench::Lenet5Model>(5'880, 5'912, 15'670, 15'670));
static_assert(takes<bench::MlpModel>(912, 912, 1'178, 1'898));
static_assert(takes<ln::Model<ln::Exact<bench::VggSmall>, ln::Shape<3, 32, 32>>>(47'360, 47'392, 185'110,
                                                                                 185'110));
static_assert(bench::VggSmallModel::inference_bytes == 47'392 * sizeof(float)); // one sample

// Fusion: what the table of a plan holds for the network of the first page, and for one that fuses nothing.
static_assert(bench::CardModel::plan::count == 2);
static_assert(bench::Lenet5Model::plan::count == 7);
static_assert(ln::Model<ln::Net<ln::Softmax, ln::MaxPool<2, 2>>, ln::Shape<1, 4, 4>>::plan::count == 2);

// A sequence lies in memory as an image of one row does: with halos, and without a copy.
template <class Model>
consteval bool has_no_copies() {
    using Plan = typename Model::plan;
    const auto none = [](const auto& w) {
        for (int v = 0; v <= Model::inferred::table.count; ++v)
            if (w.values[v].has_copy())
                return false;
        return true;
    };
    return none(Plan::template inference<topology::Samples::one>) && none(Plan::template training<false>);
}
using Sequences = ln::Net<ln::Conv1D<16, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv1D<16, 5, 1, ln::same>,
                          ln::SiLU, ln::MaxPool<2, 2>, ln::Dropout<20>, ln::Conv1D<8, 3, 1, 1>, ln::LayerNorm,
                          ln::Conv1D<8, 3, 1, 1>, ln::GlobalAvgPool>;
using Rows = ln::Net<ln::Conv<16, ln::size{1, 3}, 1, ln::pad{0, 0, 1, 1}>, ln::BatchNorm<>, ln::ReLU,
                     ln::Conv<16, ln::size{1, 5}, 1, ln::same>, ln::SiLU, ln::MaxPool<ln::size{1, 2}, 2>,
                     ln::Dropout<20>, ln::Conv<8, ln::size{1, 3}, 1, ln::pad{0, 0, 1, 1}>, ln::LayerNorm,
                     ln::Conv<8, ln::size{1, 3}, 1, ln::pad{0, 0, 1, 1}>, ln::GlobalAvgPool>;
static_assert(has_no_copies<ln::Model<Sequences, ln::Shape<4, 64>>>());
static_assert(takes<ln::Model<Sequences, ln::Shape<4, 64>>>(2'112, 2'144, 8'418, 8'418));
static_assert(takes<ln::Model<Rows, ln::Shape<4, 1, 64>>>(2'112, 2'144, 8'418, 8'418));

} // namespace
