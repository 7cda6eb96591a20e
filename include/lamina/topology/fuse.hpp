// Fusion: turns the table of elements into a list of operations, each of which computes one or more elements
// together. The facts of the layers decide what is fused. Users do not see it: indices, names and weights
// remain those of their layers.
#pragma once

#include <lamina/topology/table.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// What a pass is for: training keeps what backward needs.
enum class Purpose { inference, training };
/// Whether operations compute several elements together, or one each (for tests).
enum class Fusion { off, on };

/// An operation: a layer and what is computed along with it, as elements of the table (-1: nothing).
struct Operation {
    int element = -1;    ///< the layer
    int sum = -1;        ///< of its result and the value `addend`
    int activation = -1; ///< then
    int pool = -1;       ///< then
    int addend = -1;     ///< a value
    int first = -1;      ///< the first of its elements, with those that take no operation
    int output = -1;     ///< the value that it computes
};

template <int Elements>
struct Operations {
    Storage<Operation, Elements> all;
    int count = 0;
    /// For each value, the one whose memory it is in: another if nothing is computed in between.
    Storage<int, values_of(Elements)> stored_in = {};
    /// For each value, the operation that computes it, or -1.
    Storage<int, values_of(Elements)> made_by = {};
    /// The last operation that reads it, or -1; and the last value that is stored in its memory. (To look for
    /// them would take a constant expression in proportion to the square of the depth.)
    Storage<int, values_of(Elements)> last_reader = {};
    Storage<int, values_of(Elements)> last_stored = {};
};

/// Whether a layer that only reshapes needs no operation: what reads it and what wrote its input want no
/// halo, because a view with a halo cannot be reshaped.
template <class Table>
[[nodiscard]] constexpr bool is_only_a_view(const Table& table, const auto& so_far, int e) noexcept {
    const int before = table.input(e);
    const auto maker = so_far.made_by[so_far.stored_in[before]];
    if (table.readers(before) > 1 || e + 1 == table.result ||
        (maker >= 0 && table.elements[so_far.all[maker].element].facts.gradient_halo != pad{} &&
         so_far.all[maker].pool < 0))
        return false;
    for (int k = 0; k < table.count; ++k)
        for (int i = 0; i < table.elements[k].inputs; ++i)
            if (table.input(k, i) == e + 1 && table.elements[k].facts.input_halo[0] != pad{})
                return false;
    return true;
}

template <class Table>
[[nodiscard]] constexpr auto fuse(const Table& table, Fusion fusion, Purpose purpose) {
    constexpr int elements = Table::most_elements;
    auto ops = Operations<elements>(); // see workspace.hpp
    if constexpr (elements == run_time) {
        ops.all.resize(table.count);
        for (auto* list : {&ops.stored_in, &ops.made_by, &ops.last_reader, &ops.last_stored})
            list->resize(table.count + 1);
    }
    for (int v = 0; v <= table.count; ++v) {
        ops.stored_in[v] = v;
        ops.made_by[v] = -1;
    }
    for (int e = 0; e < table.count; ++e) {
        const Facts& facts = table.elements[e].facts;
        const int before = table.input(e);
        const auto maker_of = [&](int value) -> Operation* { // if it may take more along
            const int made_by = ops.made_by[value];
            if (fusion == Fusion::off || made_by < 0 || value == table.result || table.readers(value) > 1 ||
                ops.all[made_by].pool >= 0)
                return nullptr;
            return &ops.all[made_by];
        };
        const auto extend = [&](Operation& op, int& part) {
            part = e;
            op.output = e + 1;
            ops.made_by[e + 1] = static_cast<int>(&op - &ops.all[0]);
        };
        Operation* const op = maker_of(before);
        if (facts.is_activation && op != nullptr && op->activation < 0 &&
            table.elements[op->element].facts.takes_activation &&
            (purpose == Purpose::inference || !facts.slope_of_input)) {
            extend(*op, op->activation);
            continue;
        }
        if (facts.tiling_max_pool > 0 && op != nullptr && op->sum < 0 &&
            table.elements[op->element].facts.takes_max_pool &&
            ops.stored_in[table.input(op->element)] == table.input(op->element) &&
            (op->activation < 0 || table.elements[op->activation].facts.never_decreases)) {
            extend(*op, op->pool);
            continue;
        }
        if (facts.is_sum && table.elements[e].inputs == 2) {
            const int last = ops.made_by[table.input(e, 1)] > ops.made_by[before] ? 1 : 0;
            Operation* const made_last = maker_of(table.input(e, last));
            if (made_last != nullptr && made_last->activation < 0 && made_last->sum < 0 &&
                table.elements[made_last->element].facts.takes_addend) {
                made_last->addend = table.input(e, 1 - last);
                extend(*made_last, made_last->sum);
                continue;
            }
        }
        if (fusion == Fusion::on &&
            ((facts.only_reshapes && is_only_a_view(table, ops, e)) ||
             (facts.only_trains && purpose == Purpose::inference && e + 1 != table.result))) {
            ops.stored_in[e + 1] = ops.stored_in[before];
            ops.made_by[e + 1] = -1;
            continue;
        }
        ops.made_by[e + 1] = ops.count;
        Operation& next = ops.all[ops.count++];
        next.element = e;
        next.output = e + 1;
        next.first = e;
        for (int v = before; v > 0 && ops.stored_in[v] != v && ops.made_by[v] < 0; v = table.input(v - 1))
            next.first = v - 1;
    }
    for (int v = 0; v <= table.count; ++v) {
        ops.last_reader[v] = -1;
        ops.last_stored[ops.stored_in[v]] = v;
    }
    for (int op = 0; op < ops.count; ++op) {
        const int element = ops.all[op].element;
        for (int k = 0; k < table.elements[element].inputs; ++k)
            ops.last_reader[table.input(element, k)] = op;
        if (ops.all[op].addend >= 0)
            ops.last_reader[ops.all[op].addend] = op;
    }
    return ops;
}

} // namespace lamina::inline LAMINA_ABI::topology
