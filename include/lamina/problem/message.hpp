// Error messages built without <string> and <cstdio>, which are too large for a microcontroller.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/ieee.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::messages {

/// The largest number of characters of a part of a message. A part is a number or an array of characters, not
/// a pointer, because the compiler does not know how long the text behind a pointer is. (std::is_pointer
/// would cost three instantiations for each text of a program.)
template <class Part>
    requires(!requires(Part & part) { part = nullptr; })
inline constexpr std::size_t room_for = 24; // any number
template <std::size_t N>
inline constexpr std::size_t room_for<char[N]> = N - 1;

// Each overload writes one part at `to` and returns the end of what it wrote.

[[nodiscard]] constexpr char* spell(char* to, const char* text) noexcept {
    while (*text != '\0')
        *to++ = *text++;
    return to;
}

template <class Int>
    requires std::is_integral_v<Int>
[[nodiscard]] constexpr char* spell(char* to, Int number) noexcept {
    using Unsigned = std::make_unsigned_t<Int>;
    auto rest = static_cast<Unsigned>(number);
    if (number < Int{}) {
        *to++ = '-';
        rest = static_cast<Unsigned>(Unsigned{} - rest);
    }
    char digits[20] = {};
    int n = 0;
    do
        digits[n++] = static_cast<char>('0' + rest % 10);
    while ((rest = static_cast<Unsigned>(rest / 10)) != 0);
    while (n > 0)
        *to++ = digits[--n];
    return to;
}

/// Writes six digits as printf's %g does, except that the last one may be off by one and the exponent is not
/// padded: 1e6.
[[nodiscard]] constexpr char* spell(char* to, double number) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(number); // -ffast-math compares as if there were no NaN
    constexpr auto infinity = std::uint64_t{0x7FF0000000000000};
    const std::uint64_t magnitude = bits & ~(std::uint64_t{1} << 63U);
    if (magnitude > infinity)
        return spell(to, "nan");
    if (magnitude != bits)
        *to++ = '-';
    if (magnitude == infinity)
        return spell(to, "inf");
    number = std::bit_cast<double>(magnitude);
    int exponent = 0;
    while (number >= 10) {
        number /= 10;
        ++exponent;
    }
    while (number < 1 && number > 0) {
        number *= 10;
        --exponent;
    }
    auto value = static_cast<unsigned>(number * 1e5 + 0.5);
    if (value == 1'000'000) {
        value = 100'000;
        ++exponent;
    }
    char digits[6] = {};
    int count = 1; // without zeros at the end
    for (int i = 5; i >= 0; --i, value /= 10) {
        digits[i] = static_cast<char>('0' + value % 10);
        if (value % 10 != 0 && i >= count)
            count = i + 1;
    }
    const bool fixed = exponent >= -4 && exponent < 6;
    const int point = fixed ? exponent : 0; // the digit before it
    for (int i = point < 0 ? point : 0; i < count || i <= point; ++i) {
        *to++ = i >= 0 && i < count ? digits[i] : '0';
        if (i == point && i + 1 < count)
            *to++ = '.';
    }
    return fixed ? to : spell(spell(to, "e"), exponent);
}

[[nodiscard]] constexpr char* spell(char* to, float number) noexcept {
    return spell(to, static_cast<double>(number));
}

} // namespace lamina::inline LAMINA_ABI::messages

LAMINA_END_IEEE
