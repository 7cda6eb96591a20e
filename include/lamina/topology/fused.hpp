// The operations of a pass as a type: what each of them is in code, what it reads, and how long values are
// needed.
#pragma once

#include <lamina/topology/fuse.hpp>
#include <lamina/topology/infer.hpp>
#include <lamina/topology/operation.hpp>
#include <lamina/topology/place.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// An operation as code, from the elements of `Operation`.
template <class Inferred, int Element, int Activation, int Pool>
struct operation_type;
template <class Inferred, int Activation>
struct activation_type {
    using type = typename Inferred::template layer_at<Activation>;
};
template <class Inferred>
struct activation_type<Inferred, -1> {
    using type = NoActivation;
};
template <class Inferred, int Element, int Activation, int Pool>
struct operation_type {
    using type =
        Pooled<typename Inferred::template at<Element>, typename activation_type<Inferred, Activation>::type,
               typename Inferred::template at<Pool>>;
};
template <class Inferred, int Element, int Activation>
    requires(!Inferred::table.elements[Element].facts.is_join)
struct operation_type<Inferred, Element, Activation, -1> {
    using type =
        Single<typename Inferred::template at<Element>, typename activation_type<Inferred, Activation>::type>;
};
template <class Inferred, int Element>
    requires(Inferred::table.elements[Element].facts.is_join)
struct operation_type<Inferred, Element, -1, -1> {
    using type = Joined<typename operation_of<typename Inferred::template layer_at<Element>>::type,
                        typename Inferred::template shape_at<Element + 1>>;
};

/// The operations of a pass of one purpose, and what each of them needs and when.
template <class Inferred, Fusion On, Purpose For>
struct Fused {
    static constexpr auto& table = Inferred::table;
    static constexpr int values = Inferred::count + 1;
    static constexpr Operations<Inferred::Elements::most_elements> operations =
        fuse<On, For>(Inferred::table);
    static constexpr int count = operations.count;

    /// Operation `I` as code.
    template <int I>
    using at = typename operation_type<Inferred, operations.all[I].element, operations.all[I].activation,
                                       operations.all[I].pool>::type;
    /// The place of its layer in messages.
    template <int I>
    using place_at = place_of_element<Inferred, operations.all[I].first>;

    /// Number of values that an operation reads, without its addend; and the K-th of them.
    [[nodiscard]] static constexpr int inputs(int op) noexcept {
        return table.elements[operations.all[op].element].inputs;
    }
    [[nodiscard]] static constexpr int input(int op, int k = 0) noexcept {
        return table.input(operations.all[op].element, k);
    }
    [[nodiscard]] static constexpr const Facts& facts(int op) noexcept {
        return table.elements[operations.all[op].element].facts;
    }
    [[nodiscard]] static constexpr bool has_input(int op, int value) noexcept {
        for (int k = 0; k < inputs(op); ++k)
            if (input(op, k) == value)
                return true;
        return false;
    }
    [[nodiscard]] static constexpr bool reads(int op, int value) noexcept {
        return has_input(op, value) || operations.all[op].addend == value;
    }

    /// Segments: a pack passes each of them alone. One ends before a layer that needs the whole batch. In
    /// inference no layer does.
    [[nodiscard]] static constexpr bool starts_segment(int op) noexcept {
        return For == Purpose::training && facts(op).gathers;
    }
    static constexpr int segments = 1 + (For == Purpose::training ? Inferred::table.gathering() : 0);
    /// The first operation of a segment; of the one behind the last, the number of operations.
    [[nodiscard]] static constexpr int start_of(int segment) noexcept {
        int op = 0;
        for (int n = 0; op < count && segment > 0; ++op)
            if (starts_segment(op) && ++n == segment)
                break;
        return op;
    }

    /// Whether a value has memory of its own: not if it is computed along with the next one, or is another
    /// value under another shape.
    [[nodiscard]] static constexpr bool is_stored(int value) noexcept {
        const int maker = operations.made_by[value];
        return operations.stored_in[value] == value &&
               (value == 0 || (maker >= 0 && operations.all[maker].output == value));
    }
    /// A stored value is needed from the operation that computes it to the last that reads it.
    [[nodiscard]] static constexpr Buffer lifetime(int value) noexcept {
        Buffer b;
        b.from = operations.made_by[value] < 0 ? 0 : operations.made_by[value];
        b.to = b.from;
        for (int v = value; v <= operations.last_stored[value]; ++v) {
            if (operations.stored_in[v] != value)
                continue;
            b.to = operations.last_reader[v] > b.to ? operations.last_reader[v] : b.to;
            b.to = v == table.result ? count : b.to;
        }
        return b;
    }

    /// Whether input `k` of operation `op` (-1: its addend) has a gradient that others have written before,
    /// in the order of backward.
    [[nodiscard]] static constexpr bool adds(int op, int k) noexcept {
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
    [[nodiscard]] static constexpr bool has_gradient(int value, bool input_gradient) noexcept {
        return operations.stored_in[value] != 0 || input_gradient;
    }
};

} // namespace lamina::inline LAMINA_ABI::topology
