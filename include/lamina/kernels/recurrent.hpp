// Recurrent layers forward: step after step, each from the one before. x and y are C,L and H,L.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/recurrent_cells.hpp>
#include <lamina/kernels/recurrent_sums.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The tensors of a recurrent layer with H units: weights C,G H and H,G H, biases G H, for G gates.
template <class T>
struct RecurrentWeights {
    const T *input, *hidden, *input_bias, *hidden_bias;
};
template <class T>
RecurrentWeights(const T*, const T*, const T*, const T*) -> RecurrentWeights<T>;
/// Channels of x, units, and steps, as constants.
template <int Inputs, int Units, int Steps>
struct RecurrentExtents {
    static constexpr int inputs = Inputs, units = Units, steps = Steps;
    [[nodiscard]] static constexpr RecurrentExtents<Inputs, Units, 1> of_step() noexcept { return {}; }
};
/// The same as numbers.
struct RunTimeRecurrentExtents {
    int inputs, units, steps;
    [[nodiscard]] constexpr RunTimeRecurrentExtents of_step() const noexcept { return *this; }
};
template <class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr auto recurrent_extents(const X& x, const Y& y) noexcept {
    if constexpr (ConstantExtents<X>)
        return RecurrentExtents<X::layout::channels, Y::layout::channels, X::layout::width>{};
    else
        return RunTimeRecurrentExtents{x.geometry().channels, y.geometry().channels, x.geometry().width};
}

/// What a step of a recurrent layer reads and writes. `X` is the type of inputs and states.
template <class X>
struct RecurrentStep {
    const X* x;          ///< of this step: channels are `next` apart
    std::ptrdiff_t next; //
    const X* h;          ///< the states before it
    const X* c;
    X *h_after, *c_after;
    X* y;                ///< where h goes as well; or null
    X* saved;            ///< for backward, `Cell::saved` rows of units; or null
    const X* multiplied; ///< what the weights of hidden states are multiplied by: h, or r h
};
/// The states of a unit, or of a vector of them.
template <class E>
struct UnitStates {
    E h, c;
};

/// The states of units after a step, from their sums.
template <class Cell, class Of, class E>
[[nodiscard, gnu::always_inline]] constexpr UnitStates<E>
states_after(const RecurrentStep<typename Of::input>& s, const E (&sums)[std::size_t{Cell::sums}], int unit,
             std::ptrdiff_t units, Of) noexcept {
    E keep[std::size_t{Cell::saved}];
    UnitStates<E> after{E(scalar_of<E>(0)), E(scalar_of<E>(0))};
    if constexpr (Cell::has_cell_state)
        after.c = Of::load(s.c + unit);
    after.h = Cell::forward(sums, E(Of::load(s.h + unit)), after.c, keep);
    if (s.saved != nullptr)
#pragma GCC unroll 5
        for (int k = 0; k < Cell::saved; ++k)
            Of::store(keep[k], s.saved + k * units + unit);
    return after;
}
template <class Cell, class Of, class E>
[[gnu::always_inline]] constexpr void put_states(const RecurrentStep<typename Of::input>& s,
                                                 const UnitStates<E>& after, int unit, Of) noexcept {
    if constexpr (Cell::has_cell_state)
        Of::store(after.c, s.c_after + unit);
    Of::store(after.h, s.h_after + unit);
    if (s.y != nullptr)
        Of::store(after.h, s.y + unit);
}

/// Calls f(u, states after the step) for `Units` units, or vectors of them.
template <class Cell, int Units, class Of, class T, class N, class F>
[[gnu::always_inline]] constexpr void recurrent_units(const RecurrentStep<typename Of::input>& s,
                                                      const RecurrentWeights<T>& w, N n, Of of,
                                                      F f) noexcept {
    using E = typename Of::element;
    constexpr int chains = std::is_same_v<E, typename Of::input> ? 1 : chains_of(Cell::sums * Units);
    E sum[std::size_t{chains}][std::size_t{Cell::sums}][std::size_t{Units}];
    begin_with_biases<chains, Units, Cell::sums>(w.input_bias, n.units, of, sum, typename Cell::of_input{});
    add_biases<Units, Cell::sums>(w.hidden_bias, n.units, of, sum[0], typename Cell::of_hidden{});
    add_products<chains, Units, Cell::sums>(s.x, s.next, n.inputs, w.input, n.units, of, sum,
                                            typename Cell::of_input{});
    add_products<chains, Units, Cell::sums>(s.multiplied, 1, n.units, w.hidden, n.units, of, sum,
                                            typename Cell::of_hidden{});
#pragma GCC unroll 32
    for (int u = 0; u < Units; ++u) {
        E sums[std::size_t{Cell::sums}];
#pragma GCC unroll 4
        for (int g = 0; g < Cell::sums; ++g) {
            sums[g] = sum[0][g][u];
            if constexpr (chains > 1)
                sums[g] += sum[1][g][u];
        }
        f(u, states_after<Cell>(s, sums, of.at(u), n.units, of));
    }
}

/// All units in vectors, from sums that go through memory.
template <class Cell, class T, class N, class F>
[[gnu::always_inline]] inline void units_by_columns(const RecurrentStep<T>& s, const RecurrentWeights<T>& w,
                                                    N /*n*/, bool backwards, F f) noexcept {
    using Input = typename Cell::of_input;
    using Hidden = typename Cell::of_hidden;
    using Of = VectorsOfUnits<N::units, T>;
    constexpr int H = N::units, first = H * first_gate(Input{}), columns = H * gate_count(Input{}),
                  row = Cell::gates * H, blocks = row_blocks<T>(H, columns);
    constexpr bool apart = !std::is_same_v<Input, Hidden>; // the products of x and those of h
    const Multiplied<T> of_input{s.x, s.next, N::inputs, w.input + first, w.input_bias + first},
        of_hidden{s.multiplied, 1, H, w.hidden + first, w.hidden_bias + first};
    alignas(64) T x_sums[1][std::size_t{apart ? columns : 1}];
    alignas(64) T h_sums[std::size_t{blocks}][std::size_t{columns}];
    if constexpr (apart) {
        column_sums<row, 1, columns>({of_input}, false, x_sums);
        column_sums<row, blocks, columns>({of_hidden}, backwards, h_sums);
    } else {
        column_sums<row, blocks, columns>({of_input, of_hidden}, backwards, h_sums);
    }
    for_each_index<Of::count>([&](auto u) __attribute__((always_inline)) {
        const Of of{u};
        const int unit = of.at(0);
        pack<T> of_gates[std::size_t{Cell::sums}];
        for_each_index<Cell::sums>([&](auto k) __attribute__((always_inline)) {
            constexpr int x_gate = apart ? gate_of(k, Input{}) : -1, h_gate = gate_of(k, Hidden{});
            of_gates[k] = pack<T>(T(0));
            if constexpr (h_gate >= 0)
                of_gates[k] = sum_at<Of>(h_sums, h_gate * H + unit);
            if constexpr (x_gate >= 0)
                of_gates[k] += sum_at<Of>(x_sums, x_gate * H + unit);
        });
        f(int{u}, states_after<Cell>(s, of_gates, unit, H, of));
    });
}
/// Whether that is faster: vectors of gates lie across cache lines, or the weights do not fit into the first
/// cache.
template <class Cell, int Units, class T>
inline constexpr bool by_columns = Units > native_lanes<T> && (Units % native_lanes<T> != 0 ||
                                                               row_blocks<T>(Units, Cell::gates* Units) > 1);

/// All units of a step, which is the `number`-th. In vectors, `h_after` may be h, and `c_after` c.
template <class Cell, bool InVectors, class X, class T, class N>
[[gnu::always_inline]] constexpr void recurrent_step(const RecurrentStep<X>& s, const RecurrentWeights<T>& w,
                                                     N n, [[maybe_unused]] int number) noexcept {
    if constexpr (InVectors) { // then extents are constants
        using Of = VectorsOfUnits<N::units, T>;
        UnitStates<pack<T>> after[std::size_t{Of::count}];
        if constexpr (by_columns<Cell, N::units, T>)
            units_by_columns<Cell>(
                s, w, n, number % 2 != 0, [&](int u, const auto& of_units) __attribute__((always_inline)) {
                    after[u] = of_units;
                });
        else
            for_equal_parts<Of::count, most_sums / Cell::sums>([&](auto first,
                                                                   auto size) __attribute__((always_inline)) {
                recurrent_units<Cell, size>(
                    s, w, n, Of{first}, [&](int u, const auto& of_units) __attribute__((always_inline)) {
                        after[first + u] = of_units;
                    });
            });
        for_each_index<Of::count>([&](auto u) __attribute__((always_inline)) {
            put_states<Cell>(s, after[u], Of{u}.at(0), Of{u});
        });
    } else {
        constexpr int tile = vector_registers >= 32 ? 4 : 2;
        int first = 0;
        const auto put = [&](int u, const auto& after) __attribute__((always_inline)) {
            put_states<Cell>(s, after, first + u, SingleUnits<X>{});
        };
        for (; first + tile <= n.units; first += tile)
            recurrent_units<Cell, tile>(s, w, n, SingleUnits<X>{first}, put);
        for (; first < n.units; ++first)
            recurrent_units<Cell, 1>(s, w, n, SingleUnits<X>{first}, put);
    }
}

/// The same of a cell that needs r h of all units before the rest. It has no cell state: in that memory lie z
/// and r h, unless this is saved for backward.
template <class Cell, bool InVectors, class X, class T, class N>
[[gnu::always_inline]] constexpr void step_in_two_passes(const RecurrentStep<X>& s,
                                                         const RecurrentWeights<T>& w, N n, int number, X* z,
                                                         X* room) noexcept {
    const std::ptrdiff_t H = n.units;
    X* const reset = s.saved != nullptr ? s.saved + Cell::saved_reset * H : room;
    recurrent_step<typename Cell::Gates, InVectors>(
        RecurrentStep<X>{s.x, s.next, s.h, z, reset, z, nullptr, s.saved, s.h}, w, n, number);
    recurrent_step<typename Cell::Candidate, InVectors>(
        RecurrentStep<X>{s.x, s.next, s.h, z, s.h_after, z, s.y,
                         s.saved != nullptr ? s.saved + 2 * H : nullptr, reset},
        w, n, number);
}

/// A step of either kind. (A function of its own: g++ would keep the constants of tanh in registers for all
/// steps, and sums in memory.)
template <class Cell, bool InVectors, class X, class T, class N>
[[gnu::noinline]] constexpr void any_step(const RecurrentStep<X>& s, const RecurrentWeights<T>& w, N n,
                                          int number, X* z, X* room) noexcept {
    if constexpr (ResetsBefore<Cell>)
        step_in_two_passes<Cell, InVectors>(s, w, n, number, z, room);
    else
        recurrent_step<Cell, InVectors>(s, w, n, number);
}

/// Whether units lie in lanes: where one sample has its channels last.
template <class X>
inline constexpr bool in_vectors = false;
template <ConstantExtents X>
inline constexpr bool in_vectors<X> = X::order == Order::channels_last &&
                                      (native_lanes<scalar_of<typename X::element>> > 1);

/// y(:, t) = h(t), from the state in `memory`: h, then c, units each, and room for as many again. What is
/// there in the end is the state after the last step. `saved` is for backward: for each step `Cell::saved`
/// rows of units; or null. `before`: steps of the stream before these, whose parity says whether the first
/// one reads the weights forwards or backwards.
template <class Cell, class X, class Y, class T>
constexpr void recurrent(X x, const RecurrentWeights<T>& w, Y y, typename Y::element* memory,
                         typename Y::element* saved, std::uint64_t before = 0) noexcept {
    has_effects();
    using E = typename Y::element;
    constexpr bool vectors = in_vectors<X>; // then states are where those of the step before were
    const auto n = recurrent_extents(x, y);
    const int H = n.units;
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    E *h = memory, *c = memory + H, *h_after = vectors ? h : memory + 2 * std::ptrdiff_t{H},
      *c_after = vectors ? c : memory + 3 * std::ptrdiff_t{H};
    for (int t = 0; t < n.steps; ++t) {
        E* const of_step = y.data() + std::ptrdiff_t{t} * ys.pixel;
        const bool in_row = vectors && ys.plane == 1;
        any_step<Cell, vectors>(RecurrentStep<E>{x.data() + std::ptrdiff_t{t} * xs.pixel, xs.plane, h, c,
                                                 h_after, c_after, in_row ? of_step : nullptr, saved, h},
                                w, n.of_step(), static_cast<int>(before % 2) + t, c,
                                vectors ? memory + 3 * std::ptrdiff_t{H} : c_after);
        if (!in_row)
            for (int k = 0; k < H; ++k)
                of_step[k * std::ptrdiff_t{ys.plane}] = h_after[k];
        std::swap(h, h_after);
        std::swap(c, c_after);
        if (saved != nullptr)
            saved += Cell::saved * std::ptrdiff_t{H};
    }
    if (!vectors && n.steps % 2 != 0) // the state is where it began
        for (int k = 0; k < 2 * H; ++k)
            memory[k] = memory[k + 2 * std::ptrdiff_t{H}];
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
