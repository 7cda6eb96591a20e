// The checksum that a file carries in its own header. Needs zlib.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/spelling.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace lamina::inline LAMINA_ABI::files {

/// The text before the checksum in a header, which is followed by 8 hexadecimal digits.
inline constexpr std::string_view checksum_mark = "\"lamina.crc32\":\"";
inline constexpr std::string_view checksum_key = checksum_mark.substr(1, checksum_mark.size() - 4);
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

/// The digits of a checksum.
[[nodiscard]] inline std::string checksum_text(std::uint32_t crc) {
    return spelled([&](Spelling& out) { out.hexadecimal(crc, 8); });
}

/// Whether these are the digits of the checksum. It uses no heap.
[[nodiscard]] inline bool is_checksum(std::string_view digits, std::uint32_t crc) noexcept {
    char expected[8] = {};
    Spelling{expected}.hexadecimal(crc, 8);
    return digits == std::string_view{expected, sizeof expected};
}

/// Computes the checksum of a file's bytes and writes its digits to them, from `place` on.
inline void set_checksum(std::vector<std::byte>& bytes, std::size_t place) noexcept {
    Spelling{reinterpret_cast<char*>(bytes.data() + place)}.hexadecimal(checksum(bytes_of(bytes), place), 8);
}

} // namespace lamina::inline LAMINA_ABI::files
