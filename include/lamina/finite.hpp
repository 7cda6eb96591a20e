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

/// Whether every number is finite, likewise.
template <class T>
[[nodiscard]] inline bool all_finite(const T* numbers, int count) noexcept {
    constexpr int lanes = native_lanes<T>, chains = 4; // side by side, to hide the latency of an operation
    using bits = typename detail::vector_of<detail::int_of<T>, lanes>::type;
    constexpr auto infinity = std::bit_cast<detail::int_of<T>>(std::numeric_limits<T>::infinity());
    bits faults[chains] = {};
    int i = 0;
    for (; i + chains * lanes <= count; i += chains * lanes)
#pragma GCC unroll 4
        for (int k = 0; k < chains; ++k)
            faults[k] |=
                (reinterpret_cast<bits>(pack<T>::load(numbers + i + k * lanes).v) & infinity) == infinity;
    const bits all = faults[0] | faults[1] | faults[2] | faults[3];
    bool finite = true;
    for (int lane = 0; lane < lanes; ++lane)
        finite = finite && all[lane] == 0;
    for (; i < count; ++i)
        finite = finite && is_finite(numbers[i]);
    return finite;
}

} // namespace LAMINA_ABI
} // namespace lamina
