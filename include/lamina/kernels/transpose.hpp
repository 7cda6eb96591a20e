// Transposes square blocks of N vectors of N lanes: samples to lanes, and back.
#pragma once

#include <lamina/pack.hpp>

#include <cstddef>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// Interleaves two vectors, `a0 b0 a1 b1 ...`, and returns the lower or the upper half of the result.
template <bool Upper, class V, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline V interleave(V a, V b, std::index_sequence<I...>) noexcept {
    constexpr std::size_t n = sizeof...(I);
    return __builtin_shufflevector(a, b, static_cast<int>(I / 2 + (Upper ? n / 2 : 0) + (I % 2) * n)...);
}

/// Transposes in place: lane j of vector i becomes lane i of vector j. log2 N rounds of interleaving vector i
/// with vector i + N/2 (a perfect shuffle of rows and columns together). Where vectors have more `Lanes` than
/// there are vectors, their columns of N numbers follow each other in the result.
template <int N, int Lanes = N, class V>
[[gnu::always_inline]] inline void transpose(V (&rows)[static_cast<std::size_t>(N)]) noexcept {
    static_assert((N & (N - 1)) == 0);
    if constexpr (N > 1) {
#pragma GCC unroll 8
        for (int step = 1; step < N; step *= 2) {
            V next[std::size_t{N}];
#pragma GCC unroll 32
            for (int i = 0; i < N / 2; ++i) {
                next[2 * i] = interleave<false>(rows[i], rows[i + N / 2],
                                                std::make_index_sequence<std::size_t{Lanes}>{});
                next[2 * i + 1] = interleave<true>(rows[i], rows[i + N / 2],
                                                   std::make_index_sequence<std::size_t{Lanes}>{});
            }
#pragma GCC unroll 32
            for (int i = 0; i < N; ++i)
                rows[i] = next[i];
        }
    }
}

/// Vector i, or zero if i is not below `count`: for a partial block.
template <class T>
[[nodiscard, gnu::always_inline]] inline typename pack<T>::vector vector_or_zero(const pack<T>* x, int i,
                                                                                 int count) noexcept {
    if (i < count)
        return x[i].v;
    return typename pack<T>::vector{};
}

/// The sums over the lanes of each of at most N vectors of N lanes; lane j of the result is the sum of vector
/// j. It works like a transposition, except that each round adds the vectors that it interleaves.
template <int N, class V, std::size_t Rows>
[[nodiscard, gnu::always_inline]] inline V sum_of_each(const V (&rows)[Rows]) noexcept {
    static_assert((N & (N - 1)) == 0);
    constexpr std::make_index_sequence<std::size_t{N}> lanes{};
    V sums[std::size_t{N}];
#pragma GCC unroll 16
    for (int i = 0; i < N; ++i)
        if (i < static_cast<int>(Rows))
            sums[i] = rows[i];
        else
            sums[i] = V{};
#pragma GCC unroll 8
    for (int half = N / 2; half > 0; half /= 2)
#pragma GCC unroll 16
        for (int i = 0; i < half; ++i)
            sums[i] = interleave<false>(sums[i], sums[i + half], lanes) +
                      interleave<true>(sums[i], sums[i + half], lanes);
    return sums[0];
}

/// The sum over the lanes of each of `count` elements: of as many at a time as there are lanes. (Not inlined,
/// because every tile of every convolution would have it in its debug information.)
template <class T>
inline void lane_sums(const pack<T>* elements, int count, T* sums) noexcept {
    constexpr int L = native_lanes<T>;
    for (int first = 0; first < count; first += L) {
        typename pack<T>::vector rows[static_cast<std::size_t>(L)];
#pragma GCC unroll 16
        for (int k = 0; k < L; ++k)
            rows[k] = vector_or_zero(elements, first + k, count);
        const pack<T> of_all = sum_of_each<L>(rows);
        for (int k = 0; k < L && first + k < count; ++k)
            sums[first + k] = of_all[k];
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
