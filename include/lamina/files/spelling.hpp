// Text that is put together part by part, in constant expressions too.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lamina::inline LAMINA_ABI::files {

/// Writes characters one after another to `to`, where there must be room, or only counts them if it is null.
struct Spelling {
    char* to = nullptr;
    std::size_t size = 0;

    constexpr Spelling& operator<<(std::string_view text) noexcept {
        for (const char c : text) {
            if (to != nullptr)
                to[size] = c;
            ++size;
        }
        return *this;
    }
    constexpr Spelling& operator<<(std::uint64_t number) noexcept {
        char digits[20] = {};
        std::size_t n = sizeof digits;
        do
            digits[--n] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0);
        return *this << std::string_view{digits + n, sizeof digits - n};
    }
    /// The last `digits` hexadecimal digits of a number.
    constexpr Spelling& hexadecimal(std::uint64_t number, int digits) noexcept {
        while (digits-- > 0)
            *this << std::string_view{&"0123456789abcdef"[number >> 4 * digits & 0xfU], 1};
        return *this;
    }
};

/// What spell(Spelling&) writes.
template <class Spell>
[[nodiscard]] std::string spelled(Spell spell) {
    Spelling count;
    spell(count);
    std::string text(count.size, ' ');
    Spelling out{text.data()};
    spell(out);
    return text;
}

} // namespace lamina::inline LAMINA_ABI::files
