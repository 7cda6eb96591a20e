// Lets damage past the checksum, which would stop all of it.
#pragma once

#include <lamina/files/checksum.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

/// The same bytes, with the right checksum if they have a place for one. In memory of just their size, so
/// that reading beyond it is noticed.
inline std::vector<std::byte> with_right_checksum(std::span<const std::byte> bytes) {
    std::vector<std::byte> file(bytes.begin(), bytes.end());
    const std::string_view text{reinterpret_cast<const char*>(file.data()), file.size()};
    const std::size_t place = lamina::files::checksum_place(text);
    if (place != text.npos)
        lamina::files::set_checksum(file, place);
    return file;
}
