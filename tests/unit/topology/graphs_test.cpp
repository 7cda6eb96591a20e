// The plans of a hundred networks that branch: what is needed at the same time does not overlap, and no more
// memory is taken than that. What is needed when is found anew, from the list of operations, while running.
// And plans that are made while running are the same.
#include "made_graphs.hpp"
#include "same_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ln = lamina;
namespace topology = ln::topology;

namespace {

/// The part of the workspace where a value is, or its gradient.
struct Place {
    long long begin = 0, size = 0;
    int inside = -1; // the value that it is a part of
    bool is_stored = false;
    int from = 0, to = -1; // operations, also of the parts
};
struct Step {
    bool is_concat = false;
    std::vector<int> reads;
    int writes = 0;
};
/// A plan, as it is after compilation.
struct Planned {
    std::vector<ln::dims> extents; // of each value
    std::vector<int> same_as;      // for each value, the one that it is a view of
    std::vector<Step> steps;
    int result = 0;

    template <class F>
    explicit Planned(const F*) : result{F::table.result} {
        for (int v = 0; v < F::values; ++v) {
            extents.push_back(F::table.extents_of(v));
            same_as.push_back(F::operations.stored_in[v]);
        }
        for (int i = 0; i < F::count; ++i) {
            const topology::Operation& op = F::operations.all[i];
            const topology::Element& e = F::table.elements[op.element];
            const int* inputs = F::table.inputs + e.first_input;
            steps.push_back({e.facts.is_concat, {inputs, inputs + e.inputs}, op.output});
            if (op.addend >= 0)
                steps.back().reads.push_back(op.addend);
        }
    }
    /// First and last step that reads or writes a value, or another view of it.
    void set_times(std::vector<Place>& places) const {
        const int count = static_cast<int>(steps.size());
        const auto at = [&](int value) -> Place& {
            return places[static_cast<std::size_t>(same_as[static_cast<std::size_t>(value)])];
        };
        places[0].is_stored = true;
        places[0].to = 0;
        for (int i = 0; i < count; ++i) {
            const Step& step = steps[static_cast<std::size_t>(i)];
            for (const int v : step.reads)
                at(v).to = i;
            Place& own = at(step.writes);
            own.is_stored = true;
            own.from = own.to = i;
        }
        at(result).to = count;
    }
};

int root(const std::vector<Place>& places, int value) {
    while (places[static_cast<std::size_t>(value)].inside >= 0)
        value = places[static_cast<std::size_t>(value)].inside;
    return value;
}
bool is_inside(const std::vector<Place>& places, int value, int other) {
    while (value >= 0 && value != other)
        value = places[static_cast<std::size_t>(value)].inside;
    return value == other;
}

/// Checks the places; returns the elements that are needed at the worst moment. A whole is needed as soon as
/// the first of its parts.
long long check_places(std::vector<Place> places, long long begin, long long end) {
    const int count = static_cast<int>(places.size());
    for (int v = 0; v < count; ++v) {
        const Place& own = places[static_cast<std::size_t>(v)];
        if (!own.is_stored)
            continue;
        Place& whole = places[static_cast<std::size_t>(root(places, v))];
        CHECK(own.begin >= whole.begin);
        CHECK(own.begin + own.size <= whole.begin + whole.size);
        CHECK(whole.begin >= begin);
        CHECK(whole.begin + whole.size <= end);
    }
    for (int v = 0; v < count; ++v)
        for (int other = 0; other < v; ++other) {
            const Place &a = places[static_cast<std::size_t>(v)],
                        &b = places[static_cast<std::size_t>(other)];
            const bool at_once = a.is_stored && b.is_stored && a.from <= b.to && b.from <= a.to;
            const bool apart = a.begin + a.size <= b.begin || b.begin + b.size <= a.begin;
            CAPTURE(v);
            CAPTURE(other);
            CHECK((!at_once || apart || is_inside(places, v, other) || is_inside(places, other, v)));
        }
    std::vector<Place> wholes = places;
    for (int v = 0; v < count; ++v) {
        const Place& own = places[static_cast<std::size_t>(v)];
        Place& whole = wholes[static_cast<std::size_t>(root(places, v))];
        if (own.is_stored) {
            whole.from = std::min(whole.from, own.from);
            whole.to = std::max(whole.to, own.to);
        }
    }
    long long most = 0;
    for (const Place& moment : wholes) {
        long long sum = 0;
        for (const Place& w : wholes)
            if (w.is_stored && w.inside < 0 && w.from <= moment.from && moment.from <= w.to)
                sum += w.size;
        most = std::max(most, sum);
    }
    return most;
}

/// Elements of an image with its halo, and room for a vector at the last pixel if channels come last.
long long size_of(const ln::dims& extents, const ln::pad& halo, ln::Order order) {
    long long size = extents[0];
    if (extents.rank == 3)
        size *= extents[1] + halo.top + halo.bottom;
    if (extents.rank > 1)
        size *= extents[extents.rank - 1] + halo.left + halo.right;
    return size + (order == ln::Order::channels_last ? 16 : 0);
}

struct Taken {
    long long extent, needed;
};
/// The places of values in inference.
template <class F, topology::Samples S, topology::Concats Of>
Taken check_inference() {
    constexpr auto& workspace = topology::placed_values<F, S, Of>;
    const Planned planned{static_cast<const F*>(nullptr)};
    std::vector<Place> places;
    for (int v = 0; v < F::values; ++v) {
        const topology::StoredValue& w = workspace.values[v];
        places.push_back(
            {w.offset, size_of(planned.extents[static_cast<std::size_t>(v)], w.halo, w.order), w.inside});
    }
    planned.set_times(places);
    return {workspace.extent, check_places(places, 0, workspace.extent)};
}

/// The places of values in training, which are all kept, then those of gradients and scratch memory, then
/// what operations save.
template <class Plan, bool InputGradient>
void check_training() {
    using F = typename Plan::Training;
    constexpr auto& workspace = Plan::template training<InputGradient>;
    const Planned planned{static_cast<const F*>(nullptr)};
    const int end = static_cast<int>(planned.steps.size()) - 1; // step i comes back at moment end - i
    std::vector<Place> values, gradients;
    for (int v = 0; v < F::values; ++v) {
        const topology::StoredValue& w = workspace.values[v];
        const ln::dims& extents = planned.extents[static_cast<std::size_t>(v)];
        values.push_back({w.offset, size_of(extents, w.halo, w.order), w.inside});
        gradients.push_back(
            {w.gradient_offset, size_of(extents, w.gradient_halo, ln::Order::planes), w.gradient_inside});
    }
    planned.set_times(values);
    planned.set_times(gradients);
    for (Place& value : values) {
        value.from = 0;
        value.to = end;
    }
    for (Place& gradient : gradients) {
        std::swap(gradient.from, gradient.to);
        gradient.from = end - gradient.from;
        gradient.to = end - gradient.to;
    }
    gradients[0].is_stored = InputGradient;
    std::vector<Place> saved;
    long long saved_extent = 0;
    ln::for_each_index<F::count>([&](auto i) {
        const topology::OperationMemory& memory = workspace.operations[i];
        gradients.push_back(
            {memory.scratch_offset, memory.scratch_extent, -1, memory.scratch_extent > 0, end - i, end - i});
        saved.push_back({memory.saved_offset, F::template at<i>::saved, -1, true, 0, 0});
        saved_extent += F::template at<i>::saved;
    });
    const long long saved_from = workspace.extent - saved_extent;
    CHECK(check_places(values, 0, workspace.values_extent) == workspace.values_extent);
    CHECK(check_places(gradients, workspace.values_extent, saved_from) ==
          saved_from - workspace.values_extent);
    CHECK(check_places(saved, saved_from, workspace.extent) == saved_extent);
}

template <int Number>
void check_graph() {
    using topology::Concats;
    using topology::Samples;
    CAPTURE(Number);
    using Inferred = topology::Inferred<made::Graph<Number>, made::GraphInput, float>;
    using Plan = topology::Plan<Inferred>;
    using F = typename Plan::Inference;
    const auto check = [](auto samples) {
        constexpr Samples S = samples;
        const Taken in_place = check_inference<F, S, Concats::in_place>(),
                    copied = check_inference<F, S, Concats::copied>();
        CHECK(Plan::template inference<S>.extent == std::min(in_place.extent, copied.extent));
        CHECK(in_place.extent == in_place.needed);
        CHECK(copied.extent == copied.needed);
    };
    check(std::integral_constant<Samples, Samples::pack>{});
    check(std::integral_constant<Samples, Samples::one>{});
    check_training<Plan, false>();
    check_training<Plan, true>();
    same_plan::check<Plan>();
}
template <int... I>
void check_graphs(std::integer_sequence<int, I...>) {
    (check_graph<I>(), ...);
}

} // namespace

TEST_CASE(
    "plan: of a hundred networks that branch, what is needed at once is apart and takes no more room, and a "
    "plan made at run time is the same") {
    check_graphs(std::make_integer_sequence<int, 100>{});
}

TEST_CASE("plan: one that is made while running is that which is made while compiling, with batch norm too") {
    using Net = ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::MaxPool<2, 2>,
                        ln::Residual<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>>, ln::ReLU, ln::Dropout<20>,
                        ln::Flatten, ln::Dense<10>, ln::LayerNorm>;
    using Plan = ln::Model<Net, ln::Shape<1, 8, 8>>::plan;
    same_plan::check<Plan>();
    same_plan::check_faults<Plan>(topology::Fusion::on);
    same_plan::check_faults<topology::Plan<Plan::Inferred, topology::Fusion::off>>(topology::Fusion::off);
}
