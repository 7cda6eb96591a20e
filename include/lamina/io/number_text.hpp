// Numbers as text in a file's metadata, and back, bit for bit.
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <system_error>

namespace lamina::io {

/// The shortest text that `read_number_text` reads as the same number.
template <class Number>
[[nodiscard]] std::string number_text(Number number) {
    char text[32];
    if constexpr (std::same_as<Number, bool>)
        return number ? "1" : "0";
    else
        return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

/// Whether all of the text is a number, which is then in `number`.
template <class Number>
[[nodiscard]] bool read_number_text(std::string_view text, Number& number) {
    if constexpr (std::same_as<Number, bool>) {
        number = text == "1";
        return number || text == "0";
    } else {
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        return error == std::errc{} && stop == end;
    }
}

} // namespace lamina::io
