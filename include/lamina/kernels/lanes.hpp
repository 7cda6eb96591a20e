// Samples into lanes: row r of `rows`, a sample's elements in C,H,W order, becomes lane r of the packs of x.
#pragma once

#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstring>

namespace lamina::kernels {

/// Integers as numbers. By way of integers of the same width, for which alone g++ has instructions.
template <class T, class V>
[[nodiscard, gnu::always_inline]] inline typename pack<T>::vector to_numbers(V v) noexcept {
    using wide = typename detail::vector_of<detail::int_of<T>, native_lanes<T>>::type;
    if constexpr (std::is_same_v<V, typename pack<T>::vector>)
        return v;
    else
        return __builtin_convertvector(__builtin_convertvector(v, wide), typename pack<T>::vector);
}

/// One run of `count` elements that lie side by side. A whole block of N samples x N elements is transposed
/// at a time; the last block overlaps the one before.
template <class S, class T, class Convert>
[[gnu::always_inline]] inline void
lanes_run(const S* const (&rows)[static_cast<std::size_t>(native_lanes<T>)], std::ptrdiff_t at, int count,
          pack<T>* to, Convert convert) noexcept {
    constexpr int N = native_lanes<T>;
    if (N == 1 || count < N) {
        for (int i = 0; i < count; ++i)
            for (int r = 0; r < N; ++r)
                to[i].set(r, static_cast<T>(rows[r][at + i]));
        for (int i = 0; i < count; ++i)
            to[i] = convert(to[i].v);
        return;
    }
    if constexpr (N > 1) {
        using block = typename detail::vector_of<S, N>::type;
        for (int start = 0; start < count; start += N) {
            const int i0 = start < count - N ? start : count - N;
            block b[static_cast<std::size_t>(N)];
#pragma GCC unroll 16
            for (int r = 0; r < N; ++r)
                std::memcpy(&b[r], rows[r] + at + i0, sizeof(block));
            transpose<N>(b);
#pragma GCC unroll 16
            for (int i = 0; i < N; ++i)
                to[i0 + i] = convert(to_numbers<T>(b[i]));
        }
    }
}

/// Fills all of x, its halo left alone. `convert` turns a vector of numbers as read into a pack.
template <class S, class T, class Shape, int Halo, class Convert>
inline void load_lanes(const S* const (&rows)[static_cast<std::size_t>(native_lanes<T>)],
                       View<pack<T>, Shape, Halo> x, Convert convert) noexcept {
    has_effects();
    if constexpr (Halo == 0) {
        lanes_run<S, T>(rows, 0, Shape::size, x.data(), convert);
    } else {
        constexpr int H = height<Shape>, W = width<Shape>;
        for (int c = 0; c < channels<Shape>; ++c)
            for (int i = 0; i < H; ++i)
                lanes_run<S, T>(rows, std::ptrdiff_t{c * H + i} * W, W, &x(c, i, 0), convert);
    }
}

} // namespace lamina::kernels
