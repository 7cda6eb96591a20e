// The number formats of tensors in files: little-endian bytes to numbers and back, on any machine.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/ieee.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::files {

/// `other` is any format that files may have, but models do not.
enum class Dtype { f16, bf16, f32, f64, other };

/// For each Dtype that a model can load: its name in safetensors files and the number of bytes.
struct DtypeInfo {
    std::string_view name;
    std::size_t bytes;
};
inline constexpr DtypeInfo dtypes[] = {{"F16", 2}, {"BF16", 2}, {"F32", 4}, {"F64", 8}};

[[nodiscard]] constexpr const DtypeInfo& info(Dtype dtype) noexcept {
    return dtypes[static_cast<std::size_t>(dtype)];
}

template <class T>
inline constexpr Dtype dtype_of = std::is_same_v<T, double> ? Dtype::f64 : Dtype::f32;

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

template <class Bits>
[[nodiscard]] Bits read_little_endian(const std::byte* from) noexcept {
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof(Bits); ++i)
        bits = static_cast<Bits>(bits | std::to_integer<Bits>(from[i]) << 8 * i);
    return bits;
}
template <class Bits>
void write_little_endian(Bits bits, std::byte* to) noexcept {
    for (std::size_t i = 0; i < sizeof(Bits); ++i)
        to[i] = static_cast<std::byte>(bits >> 8 * i & 0xff);
}

/// IEEE 754 half precision: 1 bit sign, 5 bits exponent, 10 bits fraction.
[[nodiscard]] inline float from_half(std::uint16_t bits) noexcept {
    const int exponent = bits >> 10 & 0x1f;
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
    const std::uint32_t fraction = bits & 0x3ff;
    if (exponent == 0x1f) // infinite or not a number
        return std::bit_cast<float>(sign | 0x7f800000U | fraction << 13);
    if (exponent == 0) // zero, or subnormal
        return std::bit_cast<float>(sign |
                                    std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24F));
    constexpr std::uint32_t bias = 127 - 15;
    return std::bit_cast<float>(sign | (static_cast<std::uint32_t>(exponent) + bias) << 23 | fraction << 13);
}

/// Converts a number to T: rounds it if T is narrower, and makes it infinite if it is out of T's range.
template <class T>
[[nodiscard]] T read_number(Dtype dtype, const std::byte* from) noexcept {
    if (dtype == Dtype::f64)
        return static_cast<T>(std::bit_cast<double>(read_little_endian<std::uint64_t>(from)));
    if (dtype == Dtype::f32)
        return static_cast<T>(std::bit_cast<float>(read_little_endian<std::uint32_t>(from)));
    const auto bits = read_little_endian<std::uint16_t>(from);
    if (dtype == Dtype::bf16) // the upper half of a float
        return static_cast<T>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
    return static_cast<T>(from_half(bits));
}

template <class T>
void write_number(T number, std::byte* to) noexcept {
    write_little_endian(std::bit_cast<bits_of<T>>(number), to);
}

} // namespace lamina::inline LAMINA_ABI::files

LAMINA_END_IEEE
