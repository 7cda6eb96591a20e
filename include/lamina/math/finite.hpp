// Whether numbers are finite: neither infinite nor NaN.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// Hides the value of `bits` from the optimiser: under -ffinite-math-only clang++ assumes that all arguments
/// and results of functions are finite.
template <class Bits>
[[nodiscard, gnu::always_inline]] constexpr Bits unknown(Bits bits) noexcept {
#if __FINITE_MATH_ONLY__
    if (!std::is_constant_evaluated())
        asm("" : "+m"(bits));
#endif
    return bits;
}

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

/// NaN and infinity that survive -ffinite-math-only.
template <class T>
[[nodiscard, gnu::always_inline]] constexpr T not_a_number() noexcept {
    constexpr T number = std::numeric_limits<T>::quiet_NaN();
    return std::bit_cast<T>(unknown(std::bit_cast<bits_of<T>>(number)));
}
template <class T>
[[nodiscard, gnu::always_inline]] constexpr T infinity() noexcept {
    constexpr T number = std::numeric_limits<T>::infinity();
    return std::bit_cast<T>(unknown(std::bit_cast<bits_of<T>>(number)));
}

} // namespace detail

/// Whether a number is finite. It tests the bits, because std::isfinite is always true under -ffast-math.
template <class T>
[[nodiscard]] constexpr bool is_finite(T number) noexcept {
    using bits = detail::bits_of<T>;
    constexpr auto exponent = std::bit_cast<bits>(std::numeric_limits<T>::infinity());
    return (detail::unknown(std::bit_cast<bits>(number)) & exponent) != exponent;
}

/// Whether a number is NaN, also by its bits.
template <class T>
[[nodiscard, gnu::always_inline]] constexpr bool is_nan(const T& number) noexcept {
    using bits = detail::bits_of<T>;
    constexpr auto infinity = std::bit_cast<bits>(std::numeric_limits<T>::infinity());
    return static_cast<bits>(detail::unknown(std::bit_cast<bits>(number)) << 1U) >
           static_cast<bits>(infinity << 1U); // without the sign
}

/// Whether all numbers are finite, also by their bits.
template <class T>
[[nodiscard]] inline bool all_finite(const T* numbers, int count) noexcept {
    constexpr int lanes = native_lanes<T>;
    constexpr auto infinity = std::bit_cast<detail::int_of<T>>(std::numeric_limits<T>::infinity());
    if constexpr (lanes == 1) {
        using bits = std::make_unsigned_t<detail::int_of<T>>;
        bits largest = 0; // without the sign, numbers are in the order of their bits
#pragma GCC unroll 4
        for (int i = 0; i < count; ++i) {
            const auto magnitude = static_cast<bits>(detail::unknown(std::bit_cast<bits>(numbers[i])) << 1U);
            largest = magnitude > largest ? magnitude : largest;
        }
        return largest < static_cast<bits>(static_cast<bits>(infinity) << 1U);
    } else {
        constexpr int chains = 4; // side by side, to hide the latency of an operation
        using bits = typename detail::vector_of<detail::int_of<T>, lanes>::type;
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
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
