// Messages put together without <string> and <cstdio>, which a microcontroller has no room for.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <type_traits>

namespace lamina::inline LAMINA_ABI::messages {

/// The most characters that a part of a message takes.
template <class Part>
inline constexpr std::size_t room_for = 24; // any number
template <std::size_t N>
inline constexpr std::size_t room_for<char[N]> = N - 1;

// Each writes a part from `to` on, and returns where it ends.

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

/// As printf's %g does it, with six digits, the last of them perhaps one off.
[[nodiscard]] constexpr char* spell(char* to, double number) noexcept {
    if (!(number <= 0 || number > 0))
        return spell(to, "nan");
    if (number < 0) {
        *to++ = '-';
        number = -number;
    }
    if (number > 1.7976931348623157e308)
        return spell(to, "inf");
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

/// All parts in a row, ended by a zero.
template <class... Parts>
struct Message {
    char text[(room_for<Parts> + ... + 1)] = {};

    constexpr explicit Message(const Parts&... parts) noexcept {
        char* end = text;
        ((end = spell(end, parts)), ...);
    }
};

} // namespace lamina::inline LAMINA_ABI::messages
