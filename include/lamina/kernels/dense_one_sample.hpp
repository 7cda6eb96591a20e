// A dense layer of one sample, with inputs in lanes unless there are too few.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/dense.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::one {

/// `Lanes` numbers side by side.
template <int Lanes, class T>
[[nodiscard, gnu::always_inline]] inline auto load(const T* from) noexcept {
    typename detail::vector_of<T, Lanes>::type v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
}

template <int Lanes, class T>
[[nodiscard, gnu::always_inline]] inline auto load_biases(const T* b, int o) noexcept {
    return load<Lanes>(b + o);
}
template <int Lanes, class T>
[[nodiscard, gnu::always_inline]] inline auto load_biases(NoBias, int) noexcept {
    return typename detail::vector_of<T, Lanes>::type{};
}

/// The lanes from `First` on, after zeros.
template <int First, class V, std::size_t... Lane>
[[nodiscard, gnu::always_inline]] inline V lanes_from(V v, std::index_sequence<Lane...>) noexcept {
    constexpr int n = sizeof...(Lane);
    return __builtin_shufflevector(v, V{}, static_cast<int>(Lane) + (int{Lane} >= First ? 0 : n)...);
}

/// Repeats N lanes until a pack is full. (It doubles them step by step, because g++ would do a larger step
/// through memory.)
template <class T, int N>
[[nodiscard, gnu::always_inline]] inline typename pack<T>::vector
repeat(typename detail::vector_of<T, N>::type v) noexcept {
    if constexpr (N == native_lanes<T>)
        return v;
    else if constexpr (N == 1) // g++ keeps a vector of one lane in memory
        return pack<T>(v[0]).v;
    else
        return [v]<std::size_t... Lane>(std::index_sequence<Lane...>) __attribute__((always_inline)) {
            return repeat<T, 2 * N>(__builtin_shufflevector(v, v, static_cast<int>(Lane)...));
        }
    (std::make_index_sequence<std::size_t{2 * N}>{});
}

/// How many long rows of weights are read at a time. They are read once, from beyond the first cache: there
/// Zen 5 reads several rows at two thirds of the speed of one, and Intel's processors four at 1.3 times it.
inline constexpr int rows_at_once = is_intel_avx512 ? 4 : 1;

/// The products of a row of `I` weights and x, summed into `L` lanes (at most `I`).
template <int I, int L, class T>
[[nodiscard, gnu::always_inline]] inline auto dot_in_lanes(const T* x, const T* row) noexcept {
    using V = typename detail::vector_of<T, L>::type;
    constexpr int whole = I / L, tail = I % L, chains = whole < 8 ? whole : 8; // to hide the latency of FMAs
    V sum[std::size_t{chains}];
#pragma GCC unroll 8
    for (int k = 0; k < chains; ++k)
        sum[k] = V{};
    int i = 0;
#pragma GCC unroll 1 // or g++ shuffles the order of the fetches
    for (; i + chains * L <= I; i += chains * L)
#pragma GCC unroll 8
        for (int k = 0; k < chains; ++k)
            sum[k] = load<L>(x + i + k * L) * load<L>(row + i + k * L) + sum[k];
#pragma GCC unroll 8
    for (int k = 0; k < whole % chains; ++k)
        sum[k] = load<L>(x + i + k * L) * load<L>(row + i + k * L) + sum[k];
    if constexpr (tail > 0) {
        // The last inputs once more with those before them, which count no second time.
        constexpr std::make_index_sequence<std::size_t{L}> lanes{};
        sum[0] = lanes_from<L - tail>(load<L>(x + I - L), lanes) * load<L>(row + I - L) + sum[0];
    }
#pragma GCC unroll 8
    for (int k = 1; k < chains; ++k)
        sum[0] += sum[k];
    return sum[0];
}

/// The same of several rows, two sums each.
template <int I, int L, std::size_t Rows, class T, class V>
[[gnu::always_inline]] inline void dots_in_lanes(const T* x, const T* rows, V (&sum)[Rows]) noexcept {
    constexpr int whole = I / L, tail = I % L;
    V other[Rows];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r)
        sum[r] = other[r] = V{};
#pragma GCC unroll 1
    for (int i = 0; i + 2 * L <= I; i += 2 * L) {
        const V in = load<L>(x + i), next = load<L>(x + i + L);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < Rows; ++r) {
            sum[r] = in * load<L>(rows + r * I + i) + sum[r];
            other[r] = next * load<L>(rows + r * I + i + L) + other[r];
        }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
        if constexpr (whole % 2 == 1)
            sum[r] = load<L>(x + (whole - 1) * L) * load<L>(rows + r * I + (whole - 1) * L) + sum[r];
        if constexpr (tail > 0) {
            constexpr std::make_index_sequence<std::size_t{L}> lanes{};
            other[r] =
                lanes_from<L - tail>(load<L>(x + I - L), lanes) * load<L>(rows + r * I + I - L) + other[r];
        }
        sum[r] += other[r];
    }
}

/// The weights of one input for `Count` outputs: the numbers from `from` on, `Inputs` apart.
template <int Inputs, int Count, int Lanes, class T>
[[nodiscard, gnu::always_inline]] inline auto weights_of_input(const T* from) noexcept {
    if constexpr (Inputs == 1) {
        return load<Lanes>(from);
    } else {
        typename detail::vector_of<T, Lanes>::type v{};
#pragma GCC unroll 16
        for (int k = 0; k < Count; ++k)
            v[k] = from[k * Inputs];
        return v;
    }
}

/// y(o) = f(b(o) + sum over i of w(o, i) x(i), o), a vector of outputs at a time, with inputs in lanes unless
/// there are too few. The epilogue `f(sums, o)` takes a pack of the outputs from o on; after the last output
/// its lanes repeat.
template <class X, class W, class B, class Y, class Epilogue>
inline void dense(X x, W w, B b, Y y, Epilogue f) noexcept { // b points to the biases, or is `NoBias`
    has_effects();
    using T = typename Y::element;
    using P = pack<T>;
    constexpr int O = W::shape::extents[0], I = W::shape::extents[1];
    constexpr bool few = I < 4 && I < native_lanes<T>;
    constexpr int L =
        I < native_lanes<T> && !few ? static_cast<int>(std::bit_floor(unsigned{I})) : native_lanes<T>;
    cover<O, L>([&](int o0, auto outputs) {
        constexpr int count = outputs, N = static_cast<int>(std::bit_ceil(unsigned{count}));
        using V = typename detail::vector_of<T, N>::type;
        V sum;
        if constexpr (few) {
            sum = load_biases<N, T>(b, o0);
#pragma GCC unroll 4
            for (int i = 0; i < I; ++i)
                sum = weights_of_input<I, count, N>(w.data() + W::layout::at(o0, i)) * x[i] + sum;
        } else {
            V rows[std::size_t{count}];
            const auto sum_row = [&](int r) __attribute__((always_inline)) {
                rows[r] =
                    detail::fold<N, T, L>(dot_in_lanes<I, L>(x.data(), w.data() + W::layout::at(o0 + r, 0)));
            };
            if constexpr (I <= 8 * L) {
#pragma GCC unroll 16 // short rows: their sums stay in registers
                for (int r = 0; r < count; ++r)
                    sum_row(r);
            } else {
                int r = 0;
                if constexpr (rows_at_once > 1)
                    for (; r + rows_at_once <= count; r += rows_at_once) {
                        typename detail::vector_of<T, L>::type sums[std::size_t{rows_at_once}];
                        dots_in_lanes<I, L>(x.data(), w.data() + W::layout::at(o0 + r, 0), sums);
                        for (int k = 0; k < rows_at_once; ++k)
                            rows[r + k] = detail::fold<N, T, L>(sums[k]);
                    }
                for (; r < count; ++r)
                    sum_row(r);
            }
            sum = load_biases<N, T>(b, o0) + sum_of_each<N>(rows);
        }
        const P result = f(P(repeat<T, N>(sum)), o0);
        __builtin_memcpy(y.data() + o0, &result, count * sizeof(T));
    });
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
