// Whether numbers are finite: neither infinite nor NaN.
#pragma once

#include <lamina/pack.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace lamina {

/// Looks at the bits, because under -ffast-math std::isfinite is always true.
template <class T>
[[nodiscard]] constexpr bool is_finite(T number) noexcept {
    using bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    constexpr auto exponent = std::bit_cast<bits>(std::numeric_limits<T>::infinity());
    return (std::bit_cast<bits>(number) & exponent) != exponent;
}

inline namespace LAMINA_ABI {

/// Whether every number is finite.
template <class T>
[[nodiscard]] inline bool all_finite(const T* numbers, int count) noexcept {
    constexpr int lanes = native_lanes<T>, chains = 4; // side by side, to hide the latency of an addition
    pack<T> zero_or_nan[chains] = {T(0), T(0), T(0), T(0)};
    int i = 0;
    for (; i + chains * lanes <= count; i += chains * lanes)
#pragma GCC unroll 4
        for (int k = 0; k < chains; ++k) {
            const pack<T> p = pack<T>::load(numbers + i + k * lanes);
            zero_or_nan[k] += p - p;
        }
    T rest = lane_sum(zero_or_nan[0] + zero_or_nan[1] + zero_or_nan[2] + zero_or_nan[3]);
    for (; i < count; ++i)
        rest += numbers[i] - numbers[i];
    return rest == T(0);
}

} // namespace LAMINA_ABI
} // namespace lamina
