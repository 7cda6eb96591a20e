// safetensors files made by hand, for tests that read them.
#pragma once

#include <lamina/io/safetensors.hpp>
#include <lamina/layers/dense.hpp>

#include <doctest/doctest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

using FileBytes = std::vector<std::byte>;

inline void append(FileBytes& bytes, std::uint64_t number, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        bytes.push_back(static_cast<std::byte>(number >> 8 * i & 0xff));
}

/// Little-endian numbers of the type that is given.
template <class Bits>
FileBytes numbers(std::initializer_list<Bits> all) {
    FileBytes bytes;
    for (const Bits number : all)
        append(bytes, number, sizeof(Bits));
    return bytes;
}
template <class T>
FileBytes floats(std::initializer_list<T> all) {
    FileBytes bytes;
    for (const T number : all)
        if constexpr (sizeof(T) == 8)
            append(bytes, std::bit_cast<std::uint64_t>(number), 8);
        else
            append(bytes, std::bit_cast<std::uint32_t>(number), 4);
    return bytes;
}

/// A file with this header and data; its length is the header's unless `claimed` says otherwise.
inline FileBytes stored(std::string_view header, const FileBytes& data, std::uint64_t claimed = 0) {
    FileBytes bytes;
    append(bytes, claimed > 0 ? claimed : header.size(), 8);
    for (const char c : header)
        bytes.push_back(static_cast<std::byte>(c));
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

/// The header of a file.
inline std::string header_of(const FileBytes& bytes) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 8; ++i)
        length |= std::to_integer<std::size_t>(bytes[i]) << 8 * i;
    return {reinterpret_cast<const char*>(bytes.data() + 8), length};
}

/// The same file with the checksum in its metadata made right.
inline FileBytes with_checksum(FileBytes bytes) {
    lamina::files::set_checksum(bytes, 8 + lamina::files::checksum_place(header_of(bytes)));
    return bytes;
}

/// The text with one part of it replaced; the part must be there.
inline std::string with(std::string text, std::string_view part, std::string_view other) {
    return text.replace(text.find(part), part.size(), other);
}

/// 0.weight is [2,3], 0.bias is [2].
using Tiny = lamina::Model<lamina::Net<lamina::Dense<2>>, lamina::Shape<3>>;

inline const std::string tiny_header = R"({"0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                                       R"("0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})";
inline const FileBytes tiny_data = floats({1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, -1.0F, -2.0F});

template <class Model>
bool same_bits(const Model& a, const Model& b) {
    return std::memcmp(a.parameters().data(), b.parameters().data(), a.parameters().size_bytes()) == 0;
}

/// What loading says, which must be a format_error and must leave the model alone.
template <class Model = Tiny>
std::string fault_of(const FileBytes& bytes) {
    Model model{lamina::seed{1}};
    const Model before = model;
    std::string message = "no fault";
    try {
        lamina::load(model, bytes, "file");
    } catch (const lamina::format_error& error) {
        message = error.what();
    }
    CHECK(same_bits(model, before));
    return message;
}
