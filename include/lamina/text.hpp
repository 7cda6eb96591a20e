// Short strings: names of layers, which are put together while the program compiles, and shapes in messages.
#pragma once

#include <lamina/error.hpp>
#include <lamina/shape.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace lamina::inline LAMINA_ABI {

/// A string of at most 79 characters that can be put together in a constant expression. A longer one throws
/// `std::length_error`. In a constant expression a longer one is cut, and a layer with that name does not
/// compile.
struct Text {
    static constexpr int most = 79;

    char characters[most + 1] = {};
    int length = 0; ///< of the whole text, even if it is cut

    constexpr Text& operator<<(std::string_view s) {
        for (const char c : s) {
            if (length < most)
                characters[length] = c;
            else if (!std::is_constant_evaluated())
                raise<std::length_error>("expected a text of at most 79 characters, found more");
            ++length;
        }
        return *this;
    }
    constexpr Text& operator<<(int value) {
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

    /// A number, or `size{10,4}`.
    constexpr Text& operator<<(const size& s) {
        if (s.height == s.width)
            return *this << s.height;
        return *this << "size{" << s.height << "," << s.width << "}";
    }
    /// A number, or `pad{0,1,0,1}`.
    constexpr Text& operator<<(const pad& p) {
        if (p == pad{p.top})
            return *this << p.top;
        return *this << "pad{" << p.top << "," << p.bottom << "," << p.left << "," << p.right << "}";
    }

    [[nodiscard]] constexpr bool is_cut() const noexcept { return length > most; }

    constexpr operator std::string_view() const noexcept {
        return {characters, static_cast<std::string_view::size_type>(is_cut() ? most : length)};
    }
};

/// `named("Conv", 16, 3, 1)` is "Conv<16,3,1>". Arguments are numbers, sizes or pads.
template <class... Arguments>
[[nodiscard]] constexpr Text named(std::string_view name, Arguments... arguments) {
    Text text;
    text << name << "<";
    [[maybe_unused]] bool first = true;
    ((static_cast<void>(text << (first ? "" : ",") << arguments), first = false), ...);
    return text << ">";
}

/// "16x13x13", or "Sequence<2048,16>" of 2048 steps of 16 numbers, "Sequence<30,1x28x28>" of 30 images.
[[nodiscard]] constexpr Text to_text(const dims& d) {
    Text text;
    if (d.is_sequence) {
        text << "Sequence<" << steps_in(d) << ",";
        return text << std::string_view{to_text(step_in(d))} << ">";
    }
    for (int i = 0; i < d.rank; ++i)
        text << (i > 0 ? "x" : "") << d.extent[i];
    return text;
}
/// "1" if it is the same at each side, "0,1,0,1" if not.
[[nodiscard]] constexpr Text to_text(const pad& p) {
    Text text;
    text << p.top;
    if (!(p == pad{p.top}))
        text << "," << p.bottom << "," << p.left << "," << p.right;
    return text;
}
[[nodiscard]] constexpr Text to_text(const size& s) {
    Text text;
    text << s.height;
    if (s.height != s.width)
        text << "," << s.width;
    return text;
}
[[nodiscard]] inline std::string to_string(const dims& d) {
    return std::string{std::string_view{to_text(d)}};
}

} // namespace lamina::inline LAMINA_ABI
