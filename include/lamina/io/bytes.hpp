// The bytes of a string or of a vector.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>
#include <span>

namespace lamina::inline LAMINA_ABI::io {

/// A window onto the bytes that a string or vector of them has. What `std::as_bytes(std::span{all})` is; but
/// that makes the compiler look into the concepts of ranges, at each place anew.
template <class Bytes>
[[nodiscard]] std::span<const std::byte> bytes_of(const Bytes& all) noexcept {
    static_assert(sizeof(all[0]) == 1);
    return {reinterpret_cast<const std::byte*>(all.data()), all.size()};
}

} // namespace lamina::inline LAMINA_ABI::io
