// The bytes of a string or of a vector.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <span>

namespace lamina::inline LAMINA_ABI::files {

/// The bytes of a string or a vector of bytes, as a span. It is the same as `std::as_bytes(std::span{all})`,
/// which compiles more slowly because it checks the concepts of ranges.
template <class Bytes>
[[nodiscard]] std::span<const std::byte> bytes_of(const Bytes& all) noexcept {
    static_assert(sizeof(all[0]) == 1);
    return {reinterpret_cast<const std::byte*>(all.data()), all.size()};
}

} // namespace lamina::inline LAMINA_ABI::files
