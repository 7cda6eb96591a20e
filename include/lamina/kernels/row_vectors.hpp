// Vectors of neighbours in a row, whose end may lie within one.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The first `count` lanes, and nothing beyond them.
template <class T>
[[gnu::always_inline]] inline void store_some(const pack<T>& p, T* to, int count) noexcept {
    T all[std::size_t{native_lanes<T>}];
    p.store(all);
    const T* from = all;
#pragma GCC unroll 8
    for (int piece = native_lanes<T> / 2; piece >= 1; piece /= 2)
        if ((count & piece) != 0) {
            __builtin_memcpy(to, from, static_cast<std::size_t>(piece) * sizeof(T));
            to += piece;
            from += piece;
        }
}

/// Every second number of two neighbouring vectors, from number `First` on.
template <std::size_t First, class T, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline pack<T> every_second(const pack<T>& a, const pack<T>& b,
                                                              std::index_sequence<I...>) noexcept {
    if constexpr (pack<T>::lanes == 1)
        return First == 0 ? a : b;
    else
        return __builtin_shufflevector(a.v, b.v, static_cast<int>(2 * I + First)...);
}

/// A vector of numbers that are `stride` apart, which is `Stride` unless that is 0, or the first `count`.
template <int Stride, class T>
[[nodiscard, gnu::always_inline]] inline pack<T> load_apart(const T* from, int stride, int count) noexcept {
    using P = pack<T>;
    if constexpr (Stride == 1) {
        return P::load(from);
    } else if constexpr (Stride == 2) {
        constexpr std::make_index_sequence<std::size_t{P::lanes}> lanes{};
        return every_second<0>(P::load(from), P::load(from + P::lanes), lanes);
    } else {
        P some = T(0);
        for (int r = 0; r < P::lanes && r < count; ++r)
            some.set(r, from[r * stride]);
        return some;
    }
}

/// The results f(number, channel, i, j) of rows of numbers, `pitch` apart, each of `columns` numbers that are
/// `stride` apart, from row i and column j of a channel on. What follows is written by whole vectors up to
/// `end`: results that are written later, and halos, which are zeroed before they are read.
template <int Stride, class T, class Y, class Epilogue>
inline void put_into_rows(const T* from, std::ptrdiff_t pitch, int stride, int rows, int columns, const Y& y,
                          int channel, int i, int j, const T* end, Epilogue& f) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    const std::ptrdiff_t to_next = y.geometry().row;
    T* to = y.at(channel, i, j);
    for (int r = 0; r < rows; ++r, from += pitch, to += to_next)
        for (int k = 0; k < columns; k += L) {
            const pack<T> result =
                f(load_apart<Stride>(from + k * stride, stride, columns - k), channel, i + r, j + k);
            if (columns - k <= L / 2 && to + k + L / 2 <= end)
                __builtin_memcpy(to + k, &result.v, sizeof(T) * L / 2);
            else if (columns - k >= L || to + k + L <= end)
                result.store(to + k);
            else
                store_some(result, to + k, columns - k);
        }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
