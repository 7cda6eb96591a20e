// The checksum that a file carries in its own header. Needs zlib.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <zlib.h>

namespace lamina::inline LAMINA_ABI::io {

inline constexpr const char* checksum_key = "lamina.crc32";
/// The text before the checksum in a header, which is followed by 8 hexadecimal digits.
inline constexpr std::string_view checksum_mark = "\"lamina.crc32\":\"";
inline constexpr std::string_view no_checksum = "00000000";

/// The position of the digits in a header's text, or npos if there are none.
[[nodiscard]] inline std::size_t checksum_place(std::string_view header) noexcept {
    const std::size_t mark = header.find(checksum_mark);
    const std::size_t place = mark + checksum_mark.size();
    return mark != header.npos && header.size() - place >= no_checksum.size() ? place : header.npos;
}

/// CRC-32 of the bytes, with the digits from `place` on taken as zeros.
[[nodiscard]] inline std::uint32_t checksum(std::span<const std::byte> bytes, std::size_t place) noexcept {
    const auto add = [](uLong crc, const void* from, std::size_t size) {
        return crc32_z(crc, static_cast<const Bytef*>(from), size);
    };
    uLong crc = add(0, bytes.data(), place);
    crc = add(crc, no_checksum.data(), no_checksum.size());
    const auto rest = bytes.subspan(place + no_checksum.size());
    return static_cast<std::uint32_t>(rest.empty() ? crc : add(crc, rest.data(), rest.size()));
}

/// Calls put(i, digit) for the 8 digits.
template <class Put>
void spell_checksum(std::uint32_t crc, Put put) {
    for (std::size_t i = 0; i < no_checksum.size(); ++i)
        put(i, "0123456789abcdef"[crc >> (28 - 4 * i) & 0xfU]);
}

[[nodiscard]] inline bool is_checksum(std::string_view digits, std::uint32_t crc) {
    bool same = digits.size() == no_checksum.size();
    spell_checksum(crc, [&](std::size_t i, char digit) { same = same && digits[i] == digit; });
    return same;
}

} // namespace lamina::inline LAMINA_ABI::io
