// Short strings: the names of layers, made while the program compiles, and shapes in messages.
#pragma once

#include <lamina/shape.hpp>

#include <string>
#include <string_view>

namespace lamina {

/// A string of at most 47 characters that can be put together in a constant expression.
struct Text {
    char characters[48] = {};
    int length = 0;

    constexpr Text& operator<<(std::string_view s) noexcept {
        for (const char c : s)
            if (length < 47)
                characters[length++] = c;
        return *this;
    }
    constexpr Text& operator<<(int value) noexcept {
        if (value < 0)
            *this << "-";
        char digits[10] = {};
        int n = 0;
        do {
            const int digit = value % 10;
            digits[n++] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
            value /= 10;
        } while (value != 0);
        while (n > 0)
            *this << std::string_view{&digits[--n], 1};
        return *this;
    }

    constexpr operator std::string_view() const noexcept {
        return {characters, static_cast<std::string_view::size_type>(length)};
    }
};

/// `named("Conv", 16, 3, 1)` is "Conv<16,3,1>".
template <class... Int>
[[nodiscard]] constexpr Text named(std::string_view name, Int... arguments) noexcept {
    Text text;
    text << name << "<";
    bool first = true;
    ((text << (first ? "" : ",") << int{arguments}, first = false), ...);
    return text << ">";
}

/// "16x13x13".
[[nodiscard]] inline std::string to_string(const dims& d) {
    std::string text;
    for (int i = 0; i < d.rank; ++i)
        text.append(i > 0 ? "x" : "").append(std::to_string(d[i]));
    return text;
}

} // namespace lamina
