// Transposes square blocks of N vectors of N lanes: samples to lanes, and back.
#pragma once

#include <lamina/pack.hpp>

#include <utility>

namespace lamina::kernels {

/// Lanes 0 1 2 ... of two vectors, alternating: `a0 b0 a1 b1 ...`, the lower half or the upper half of it.
template <bool Upper, class V, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline V interleave(V a, V b, std::index_sequence<I...>) noexcept {
    constexpr std::size_t n = sizeof...(I);
    return __builtin_shufflevector(a, b, static_cast<int>(I / 2 + (Upper ? n / 2 : 0) + (I % 2) * n)...);
}

/// Transposes in place: lane j of vector i becomes lane i of vector j. log2 N rounds of interleaving vector i
/// with vector i + N/2 (a perfect shuffle of rows and columns together).
template <int N, class V>
[[gnu::always_inline]] inline void transpose(V (&rows)[static_cast<std::size_t>(N)]) noexcept {
    static_assert((N & (N - 1)) == 0);
    constexpr std::make_index_sequence<N> lanes{};
#pragma GCC unroll 8
    for (int round = 1; round < N; round *= 2) {
        V next[N];
#pragma GCC unroll 32
        for (int i = 0; i < N / 2; ++i) {
            next[2 * i] = interleave<false>(rows[i], rows[i + N / 2], lanes);
            next[2 * i + 1] = interleave<true>(rows[i], rows[i + N / 2], lanes);
        }
#pragma GCC unroll 32
        for (int i = 0; i < N; ++i)
            rows[i] = next[i];
    }
}

} // namespace lamina::kernels
