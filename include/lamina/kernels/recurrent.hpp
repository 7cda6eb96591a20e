// Recurrent layers forward: step after step, each from the one before. x and y are C,L and H,L.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/recurrent_cells.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
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
};
/// The same as numbers.
struct RunTimeRecurrentExtents {
    int inputs, units, steps;
};
template <class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr auto recurrent_extents(const X& x, const Y& y) noexcept {
    if constexpr (ConstantExtents<X>)
        return RecurrentExtents<X::layout::channels, Y::layout::channels, X::layout::width>{};
    else
        return RunTimeRecurrentExtents{x.geometry().channels, y.geometry().channels, x.geometry().width};
}

/// The unit that a kernel computes next, and those behind it, one by one: elements are packs of samples, or
/// numbers.
template <class E>
struct SingleUnits {
    using element = E;
    using input = E;
    int first;

    [[nodiscard, gnu::always_inline]] constexpr int at(int u) const noexcept { return first + u; }
    template <class T>
    [[nodiscard, gnu::always_inline]] static constexpr T weight(const T* w) noexcept {
        return *w;
    }
    [[nodiscard, gnu::always_inline]] static constexpr E load(const E* from) noexcept { return *from; }
    [[gnu::always_inline]] static constexpr void store(const E& e, E* to) noexcept { *to = e; }
};
/// The same, several neighbours of H units side by side in vectors. The last vector overlaps the one before,
/// so that none reaches beyond the units.
template <int H, class T>
struct VectorsOfUnits {
    using element = pack<T>;
    using input = T;
    static constexpr int lanes =
        H >= native_lanes<T> ? native_lanes<T> : static_cast<int>(std::bit_floor(static_cast<unsigned>(H)));
    static constexpr int count = tiles(H, lanes);
    int first;

    [[nodiscard, gnu::always_inline]] constexpr int at(int u) const noexcept {
        return overlapped(first + u, lanes, H);
    }
    [[nodiscard, gnu::always_inline]] static pack<T> weight(const T* w) noexcept { return load(w); }
    [[nodiscard, gnu::always_inline]] static pack<T> load(const T* from) noexcept {
        if constexpr (lanes == native_lanes<T>)
            return pack<T>::load(from);
        else
            return widened(from, std::make_index_sequence<std::size_t{native_lanes<T>}>{});
    }
    [[gnu::always_inline]] static void store(const pack<T>& e, T* to) noexcept {
        __builtin_memcpy(to, &e, lanes * sizeof(T));
    }

  private:
    template <std::size_t... Lane>
    [[nodiscard, gnu::always_inline]] static pack<T> widened(const T* from,
                                                             std::index_sequence<Lane...>) noexcept {
        if constexpr (lanes == 1)
            return pack<T>(*from);
        else {
            typename detail::vector_of<T, lanes>::type v;
            __builtin_memcpy(&v, from, sizeof v);
            return pack<T>{__builtin_shufflevector(v, v, static_cast<int>(Lane % std::size_t{lanes})...)};
        }
    }
};

/// Adds the products of every `Chains`-th of `count` inputs, `next` apart, and their weights to the sums of
/// units: those of the k-th gate to sum `Into[k]`.
template <int Chains, int Units, int Sums, class Of, class X, class T, int... Into>
[[gnu::always_inline]] constexpr void
add_products(const X* x, std::ptrdiff_t next, int count, const T* w, int units, Of of,
             typename Of::element (&sum)[std::size_t{Chains}][std::size_t{Sums}][std::size_t{Units}],
             std::integer_sequence<int, Into...>) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
    const auto add = [&](int chain) __attribute__((always_inline)) {
        const X in = *x;
#pragma GCC unroll 4
        for (int g = 0; g < gates; ++g) {
            if (into[g] < 0)
                continue;
#pragma GCC unroll 16
            for (int u = 0; u < Units; ++u)
                if constexpr (std::is_same_v<X, typename Of::element>)
                    add_product(sum[chain][into[g]][u], in,
                                Of::weight(w + g * std::ptrdiff_t{units} + of.at(u)));
                else
                    add_product(sum[chain][into[g]][u], Of::weight(w + g * std::ptrdiff_t{units} + of.at(u)),
                                in);
        }
        x += next;
        w += gates * std::ptrdiff_t{units};
    };
    int i = 0;
    if constexpr (Chains > 1)
        for (; i + 1 < count; i += 2) {
            add(0);
            add(1);
        }
    for (; i < count; ++i)
        add(0);
}
template <int Units, int Sums, class Of, class T, int... Into>
[[gnu::always_inline]] constexpr void
add_biases(const T* b, int units, Of of, typename Of::element (&sum)[std::size_t{Sums}][std::size_t{Units}],
           std::integer_sequence<int, Into...>) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
#pragma GCC unroll 4
    for (int g = 0; g < gates; ++g) {
        if (into[g] < 0)
            continue;
#pragma GCC unroll 16
        for (int u = 0; u < Units; ++u)
            sum[into[g]][u] += typename Of::element(Of::weight(b + g * std::ptrdiff_t{units} + of.at(u)));
    }
}

/// What a step of a recurrent layer reads and writes. `X` is the type of inputs and states.
template <class X>
struct RecurrentStep {
    const X* x;          ///< of this step: channels are `next` apart
    std::ptrdiff_t next; //
    const X* h;          ///< the states before it
    X* c;
    X *h_after, *c_after;
    X* saved;            ///< for backward, `Cell::saved` rows of units; or null
    const X* multiplied; ///< what the weights of hidden states are multiplied by: h, or r h
};

/// The results of `Units` units, or vectors of them. Two chains of sums hide the latency of the additions
/// where there are few sums.
template <class Cell, int Units, int Chains, class Of, class T, class N>
[[gnu::always_inline]] constexpr void recurrent_units(const RecurrentStep<typename Of::input>& s,
                                                      const RecurrentWeights<T>& w, N n, Of of) noexcept {
    using E = typename Of::element;
    E sum[std::size_t{Chains}][std::size_t{Cell::sums}][std::size_t{Units}];
#pragma GCC unroll 2
    for (int chain = 0; chain < Chains; ++chain)
#pragma GCC unroll 4
        for (int g = 0; g < Cell::sums; ++g)
#pragma GCC unroll 16
            for (int u = 0; u < Units; ++u)
                sum[chain][g][u] = E(scalar_of<E>(0));
    add_biases<Units, Cell::sums>(w.input_bias, n.units, of, sum[0], typename Cell::of_input{});
    add_biases<Units, Cell::sums>(w.hidden_bias, n.units, of, sum[0], typename Cell::of_hidden{});
    add_products<Chains, Units, Cell::sums>(s.x, s.next, n.inputs, w.input, n.units, of, sum,
                                            typename Cell::of_input{});
    add_products<Chains, Units, Cell::sums>(s.multiplied, 1, n.units, w.hidden, n.units, of, sum,
                                            typename Cell::of_hidden{});
#pragma GCC unroll 16
    for (int u = 0; u < Units; ++u) {
        const int unit = of.at(u);
        E sums[std::size_t{Cell::sums}];
#pragma GCC unroll 4
        for (int g = 0; g < Cell::sums; ++g) {
            sums[g] = sum[0][g][u];
            if constexpr (Chains > 1)
                sums[g] += sum[1][g][u];
        }
        E keep[std::size_t{Cell::saved}];
        E c = E(scalar_of<E>(0));
        if constexpr (Cell::has_cell_state)
            c = Of::load(s.c + unit);
        const E h = Cell::forward(sums, E(Of::load(s.h + unit)), c, keep);
        if constexpr (Cell::has_cell_state)
            Of::store(c, s.c_after + unit);
        Of::store(h, s.h_after + unit);
        if (s.saved != nullptr)
#pragma GCC unroll 5
            for (int k = 0; k < Cell::saved; ++k)
                Of::store(keep[k], s.saved + k * std::ptrdiff_t{n.units} + unit);
    }
}
/// All units of a step.
template <class Cell, bool InVectors, class X, class T, class N>
[[gnu::always_inline]] constexpr void recurrent_step(const RecurrentStep<X>& s, const RecurrentWeights<T>& w,
                                                     N n) noexcept {
    if constexpr (InVectors) {
        using Of = VectorsOfUnits<N::units, T>;
        constexpr int most = vector_registers >= 32 ? 4 : 2, tile = Of::count < most ? Of::count : most;
        for_each_index<tiles(Of::count, tile)>([&](auto t) __attribute__((always_inline)) {
            recurrent_units<Cell, tile, (tile == 1 ? 2 : 1)>(s, w, n, Of{overlapped(t, tile, Of::count)});
        });
    } else {
        constexpr int tile = vector_registers >= 32 ? 4 : 2;
        int u = 0;
        for (; u + tile <= n.units; u += tile)
            recurrent_units<Cell, tile, 1>(s, w, n, SingleUnits<X>{u});
        for (; u < n.units; ++u)
            recurrent_units<Cell, 1, 1>(s, w, n, SingleUnits<X>{u});
    }
}

/// The same of a cell that needs r h of all units before the rest. It has no cell state: in that memory lie z
/// and r h, unless this is saved for backward.
template <class Cell, bool InVectors, class X, class T, class N>
[[gnu::always_inline]] constexpr void step_in_two_passes(const RecurrentStep<X>& s,
                                                         const RecurrentWeights<T>& w, N n) noexcept {
    const std::ptrdiff_t H = n.units;
    X *const reset = s.saved != nullptr ? s.saved + Cell::saved_reset * H : s.c_after, *const z = s.c;
    recurrent_step<typename Cell::Gates, InVectors>(
        RecurrentStep<X>{s.x, s.next, s.h, z, reset, z, s.saved, s.h}, w, n);
    recurrent_step<typename Cell::Candidate, InVectors>(
        RecurrentStep<X>{s.x, s.next, s.h, z, s.h_after, z, s.saved != nullptr ? s.saved + 2 * H : nullptr,
                         reset},
        w, n);
}

/// Whether units lie in lanes: where one sample has its channels last.
template <class X>
inline constexpr bool in_vectors = false;
template <ConstantExtents X>
inline constexpr bool in_vectors<X> = X::order == Order::channels_last &&
                                      (native_lanes<scalar_of<typename X::element>> > 1);

/// y(:, t) = h(t), from the state in `memory`: h, then c, units each, and room for those after a step. What
/// is there in the end is the state after the last step. `saved` is for backward: for each step `Cell::saved`
/// rows of units; or null.
template <class Cell, class X, class Y, class T>
constexpr void recurrent(X x, const RecurrentWeights<T>& w, Y y, typename Y::element* memory,
                         typename Y::element* saved) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto n = recurrent_extents(x, y);
    const int H = n.units;
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    E *h = memory, *c = memory + H, *h_after = memory + 2 * std::ptrdiff_t{H},
      *c_after = memory + 3 * std::ptrdiff_t{H};
    for (int t = 0; t < n.steps; ++t) {
        const RecurrentStep<E> step{
            x.data() + std::ptrdiff_t{t} * xs.pixel, xs.plane, h, c, h_after, c_after, saved, h};
        if constexpr (ResetsBefore<Cell>)
            step_in_two_passes<Cell, in_vectors<X>>(step, w, n);
        else
            recurrent_step<Cell, in_vectors<X>>(step, w, n);
        for (int k = 0; k < H; ++k)
            y.data()[k * std::ptrdiff_t{ys.plane} + std::ptrdiff_t{t} * ys.pixel] = h_after[k];
        std::swap(h, h_after);
        std::swap(c, c_after);
        if (saved != nullptr)
            saved += Cell::saved * std::ptrdiff_t{H};
    }
    if (n.steps % 2 != 0) // the state is where it began
        for (int k = 0; k < 2 * H; ++k)
            memory[k] = memory[k + 2 * std::ptrdiff_t{H}];
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
