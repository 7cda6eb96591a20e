// Numbers as text in a file's metadata, and back, bit for bit.
#pragma once

#include <lamina/abi.hpp>

#include <charconv>
#include <clocale>
#include <concepts>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace lamina::inline LAMINA_ABI::files {

/// The shortest text that `read_number_text` reads as the same number.
template <class Number>
[[nodiscard]] std::string number_text(Number number) {
    char text[32];
    if constexpr (std::same_as<Number, bool>)
        return number ? "1" : "0";
    else
        return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

/// Reads a number at the beginning of a text as `std::from_chars` does, in any locale. (libc++ 19 lacks it
/// for floating-point numbers.)
template <class Number>
[[nodiscard]] Number read_floating(const char* text) noexcept {
    static const locale_t plain = newlocale(LC_ALL_MASK, "C", locale_t{});
    if constexpr (std::same_as<Number, float>)
        return strtof_l(text, nullptr, plain);
    else
        return strtod_l(text, nullptr, plain);
}

/// Whether the whole text is a number as `number_text` writes it, which is then stored in `number`.
template <class Number>
[[nodiscard]] bool read_number_text(std::string_view text, Number& number) {
    if constexpr (std::same_as<Number, bool>) {
        number = text == "1";
        return number || text == "0";
    } else if constexpr (std::floating_point<Number>) {
        number = read_floating<Number>(std::string{text}.c_str());
        return number_text(number) == text;
    } else {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        return error == std::errc{} && stop == end;
    }
}

} // namespace lamina::inline LAMINA_ABI::files
