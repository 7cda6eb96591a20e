// The operations of a pass over a table: what each of them reads, and how long values are needed.
#pragma once

#include <lamina/topology/fuse.hpp>
#include <lamina/topology/place.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// The operations of a pass of one purpose, and what each of them needs and when.
template <int Elements, int Inputs, int Names>
struct Flow {
    static constexpr int most_values = values_of(Elements);

    const Table<Elements, Inputs, Names>& table;
    const Operations<Elements>& operations;
    Purpose purpose;

    [[nodiscard]] constexpr int values() const noexcept { return table.count + 1; }

    /// Number of values that an operation reads, without its addend; and the K-th of them.
    [[nodiscard]] constexpr int inputs(int op) const noexcept {
        return table.elements[operations.all[op].element].inputs;
    }
    [[nodiscard]] constexpr int input(int op, int k = 0) const noexcept {
        return table.input(operations.all[op].element, k);
    }
    [[nodiscard]] constexpr const Facts& facts(int op) const noexcept {
        return table.elements[operations.all[op].element].facts;
    }
    [[nodiscard]] constexpr bool has_input(int op, int value) const noexcept {
        for (int k = 0; k < inputs(op); ++k)
            if (input(op, k) == value)
                return true;
        return false;
    }
    [[nodiscard]] constexpr bool reads(int op, int value) const noexcept {
        return has_input(op, value) || operations.all[op].addend == value;
    }

    /// Segments: a pack passes each of them alone. One ends before a layer that needs the whole batch. In
    /// inference no layer does.
    [[nodiscard]] constexpr bool starts_segment(int op) const noexcept {
        return purpose == Purpose::training && facts(op).gathers;
    }
    [[nodiscard]] constexpr int segments() const noexcept {
        return 1 + (purpose == Purpose::training ? table.gathering() : 0);
    }
    /// The first operation of a segment; of the one behind the last, the number of operations.
    [[nodiscard]] constexpr int start_of(int segment) const noexcept {
        int op = 0;
        for (int n = 0; op < operations.count && segment > 0; ++op)
            if (starts_segment(op) && ++n == segment)
                break;
        return op;
    }

    /// Whether a value has memory of its own: not if it is computed along with the next one, or is another
    /// value under another shape.
    [[nodiscard]] constexpr bool is_stored(int value) const noexcept {
        const int maker = operations.made_by[value];
        return operations.stored_in[value] == value &&
               (value == 0 || (maker >= 0 && operations.all[maker].output == value));
    }
    /// A stored value is needed from the operation that computes it to the last that reads it.
    [[nodiscard]] constexpr Buffer lifetime(int value) const noexcept {
        Buffer b;
        b.from = operations.made_by[value] < 0 ? 0 : operations.made_by[value];
        b.to = b.from;
        for (int v = value; v <= operations.last_stored[value]; ++v) {
            if (operations.stored_in[v] != value)
                continue;
            b.to = operations.last_reader[v] > b.to ? operations.last_reader[v] : b.to;
            b.to = v == table.result ? operations.count : b.to;
        }
        return b;
    }

    /// Whether a value is computed again in backward rather than kept: that of a layer which begins a
    /// segment, if nobody else reads it than the operations of that segment.
    [[nodiscard]] constexpr bool is_computed_again(int value) const noexcept {
        const int maker = operations.made_by[value];
        if (maker < 0 || !is_stored(value) || !starts_segment(maker) || !facts(maker).computed_again ||
            operations.all[maker].addend >= 0)
            return false;
        const int last = lifetime(value).to;
        for (int op = maker + 1; op <= last; ++op)
            if (op == operations.count || starts_segment(op))
                return false;
        return true;
    }

    /// Whether input `k` of operation `op` (-1: its addend) has a gradient that others have written before,
    /// in the order of backward.
    [[nodiscard]] constexpr bool adds(int op, int k) const noexcept {
        const int value = operations.stored_in[k < 0 ? operations.all[op].addend : input(op, k)];
        const auto is_same = [&](int other) { return other >= 0 && operations.stored_in[other] == value; };
        for (int v = value; v <= operations.last_stored[value]; ++v)
            if (operations.stored_in[v] == value && operations.last_reader[v] > op)
                return true;
        if (k >= 0 && is_same(operations.all[op].addend))
            return true;
        for (int i = 0; i < k; ++i)
            if (is_same(input(op, i)))
                return true;
        return false;
    }
    /// Whether the gradient of a value is computed: that of the network's input only where it is wanted.
    [[nodiscard]] constexpr bool has_gradient(int value, bool input_gradient) const noexcept {
        return operations.stored_in[value] != 0 || input_gradient;
    }
};
template <int Elements, int Inputs, int Names>
Flow(const Table<Elements, Inputs, Names>&, const Operations<Elements>&, Purpose)
    -> Flow<Elements, Inputs, Names>;

} // namespace lamina::inline LAMINA_ABI::topology
