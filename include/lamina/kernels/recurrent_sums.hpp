// The sums of recurrent layers: the products of inputs and states with the weights of all gates.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

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
        if constexpr (H % lanes == 0)
            return (first + u) * lanes;
        else
            return overlapped(first + u, lanes, H);
    }
    [[nodiscard, gnu::always_inline]] static pack<T> weight(const T* w) noexcept { return load(w); }
    [[nodiscard, gnu::always_inline]] static pack<T> load(const T* from) noexcept {
        if constexpr (lanes == native_lanes<T>) {
            return pack<T>::load(from);
        } else if constexpr (lanes == 1) {
            return pack<T>(*from);
        } else {
            typename detail::vector_of<T, lanes>::type v;
            __builtin_memcpy(&v, from, sizeof v);
            return with_zeros<lanes>(v);
        }
    }
    [[gnu::always_inline]] static void store(const pack<T>& e, T* to) noexcept {
        __builtin_memcpy(to, &e, lanes * sizeof(T));
    }

  private:
    /// Zeros in the other lanes of a pack. (It doubles them step by step, because g++ would do a larger step
    /// through memory.)
    template <int N>
    [[nodiscard, gnu::always_inline]] static pack<T>
    with_zeros(typename detail::vector_of<T, N>::type v) noexcept {
        if constexpr (N == native_lanes<T>)
            return pack<T>{v};
        else
            return [v]<std::size_t... Lane>(std::index_sequence<Lane...>) __attribute__((always_inline)) {
                constexpr typename detail::vector_of<T, N>::type zeros{};
                return with_zeros<2 * N>(__builtin_shufflevector(v, zeros, static_cast<int>(Lane)...));
            }
        (std::make_index_sequence<std::size_t{2 * N}>{});
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
#pragma GCC unroll 32
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
/// Adds the biases of the k-th gate to sum `Into[k]`.
template <int Units, int Sums, class Of, class T, int... Into>
[[gnu::always_inline]] constexpr void
add_biases(const T* b, int units, Of of, typename Of::element (&sum)[std::size_t{Sums}][std::size_t{Units}],
           std::integer_sequence<int, Into...>) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
#pragma GCC unroll 4
    for (int g = 0; g < gates; ++g) {
        if (into[g] < 0)
            continue;
#pragma GCC unroll 32
        for (int u = 0; u < Units; ++u)
            sum[into[g]][u] += typename Of::element(Of::weight(b + g * std::ptrdiff_t{units} + of.at(u)));
    }
}

/// The gate that goes to a sum, or -1.
template <int... Into>
[[nodiscard]] constexpr int gate_into(int sum, std::integer_sequence<int, Into...>) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
    for (int g = 0; g < gates; ++g)
        if (into[g] == sum)
            return g;
    return -1;
}

/// The sums become these biases, or zero where there are none. (Zero plus a bias would cost an addition.)
template <int Chains, int Units, int Sums, class Of, class T, int... Into>
[[gnu::always_inline]] constexpr void
begin_with_biases(const T* b, int units, Of of,
                  typename Of::element (&sum)[std::size_t{Chains}][std::size_t{Sums}][std::size_t{Units}],
                  std::integer_sequence<int, Into...> all) noexcept {
    using E = typename Of::element;
    const auto begin = [&](auto chain, auto s) __attribute__((always_inline)) {
        constexpr int gate = chain == 0 ? gate_into(s, all) : -1;
#pragma GCC unroll 32
        for (int u = 0; u < Units; ++u)
            if constexpr (gate >= 0)
                sum[chain][s][u] = E(Of::weight(b + gate * std::ptrdiff_t{units} + of.at(u)));
            else
                sum[chain][s][u] = E(scalar_of<E>(0));
    };
    for_each_index<Chains * Sums>([&](auto k) __attribute__((always_inline)) {
        begin(std::integral_constant<int, k / Sums>{}, std::integral_constant<int, k % Sums>{});
    });
}

/// The gates of a sequence of sums that take part: the first, how many (they are neighbours), and which of
/// them, counted from the first, goes to a sum, or -1.
template <int... Into>
[[nodiscard]] constexpr int first_gate(std::integer_sequence<int, Into...>) noexcept {
    constexpr int into[] = {Into...};
    int g = 0;
    while (into[g] < 0)
        ++g;
    return g;
}
template <int... Into>
[[nodiscard]] constexpr int gate_count(std::integer_sequence<int, Into...>) noexcept {
    return ((Into >= 0 ? 1 : 0) + ...);
}
template <int... Into>
[[nodiscard]] constexpr int gate_of(int sum, std::integer_sequence<int, Into...> all) noexcept {
    const int gate = gate_into(sum, all);
    return gate < 0 ? -1 : gate - first_gate(all);
}

/// Inputs or states of a step, `next` apart, their weights, and the bias of their products.
template <class T>
struct Multiplied {
    const T* x;
    std::ptrdiff_t next;
    int count;
    const T *weight, *bias;
};

/// In how many blocks of rows `rows` x `columns` weights are read: more than two thirds of a first cache in
/// blocks of a third, which `column_sums` reads in turn forwards and backwards, so that it finds the last
/// ones still there. Of far more weights it would find next to nothing.
template <class T>
[[nodiscard]] constexpr int row_blocks(long long rows, long long columns) noexcept {
    constexpr long long third = 16 * 1024;
    const long long bytes = rows * columns * static_cast<long long>(sizeof(T));
    if (bytes <= 2 * third || bytes > 10 * third)
        return 1;
    return static_cast<int>((bytes + third - 1) / third);
}

/// The sum over k of sums[k] becomes that over all `m`, one or two, of  b + sum over i of x(i) w(i, :), of
/// `Columns` columns of the weights, which have `Row`. The rows of the last one are read in `Blocks`; the
/// sums of each stand alone, so that their order changes no bit. Vectors do not begin where gates do, but
/// where cache lines do if a row is a multiple of them.
template <int Row, int Blocks, int Columns, std::size_t Count, class T>
[[gnu::always_inline]] inline void
column_sums(const Multiplied<T> (&m)[Count], bool backwards,
            T (&sums)[std::size_t{Blocks}][std::size_t{Columns}]) noexcept {
    using Of = VectorsOfUnits<Columns, T>;
    using Sums = std::integer_sequence<int, 0>;
    const Multiplied<T>& last = m[Count - 1];
    for (int turn = 0; turn < Blocks; ++turn) {
        const int k = backwards ? Blocks - 1 - turn : turn;
        const int from = last.count * k / Blocks, count = last.count * (k + 1) / Blocks - from;
        for_equal_parts<Of::count, most_sums>([&](auto first, auto size) __attribute__((always_inline)) {
            constexpr int tile = size, chains = chains_of(tile);
            const Of of{first};
            pack<T> sum[std::size_t{chains}][1][std::size_t{tile}];
            if (k != 0) {
                begin_with_biases<chains, tile, 1>(m[0].bias, 0, of, sum, std::integer_sequence<int, -1>{});
            } else {
                begin_with_biases<chains, tile, 1>(m[0].bias, 0, of, sum, Sums{});
                if constexpr (Count > 1) {
                    add_biases<tile, 1>(m[1].bias, 0, of, sum[0], Sums{});
                    add_products<chains, tile, 1>(m[0].x, m[0].next, m[0].count, m[0].weight, Row, of, sum,
                                                  Sums{});
                }
            }
            add_products<chains, tile, 1>(last.x + from * last.next, last.next, count,
                                          last.weight + from * std::ptrdiff_t{Row}, Row, of, sum, Sums{});
#pragma GCC unroll 32
            for (int u = 0; u < tile; ++u) {
                if constexpr (chains > 1)
                    sum[0][0][u] += sum[1][0][u];
                Of::store(sum[0][0][u], sums[k] + of.at(u));
            }
        });
    }
}
/// The vector of all sums at a column.
template <class Of, std::size_t Blocks, std::size_t Columns, class T>
[[nodiscard, gnu::always_inline]] inline pack<T> sum_at(const T (&sums)[Blocks][Columns],
                                                        int column) noexcept {
    pack<T> sum = Of::load(sums[0] + column);
#pragma GCC unroll 16
    for (std::size_t k = 1; k < Blocks; ++k)
        sum += Of::load(sums[k] + column);
    return sum;
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
