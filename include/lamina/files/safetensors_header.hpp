// The header of a safetensors file: its words and how it is spelled, for bytes that a program makes and for
// those that are known while it is compiled.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/files/spelling.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lamina::inline LAMINA_ABI::files {

/// Number of bytes before the header, which hold its length.
inline constexpr std::size_t length_bytes = 8;

inline constexpr const char *metadata_key = "__metadata__", *dtype_key = "dtype", *shape_key = "shape",
                            *offsets_key = "data_offsets";

/// Key of the metadata: the framework whose layout the tensors have.
inline constexpr const char *format_key = "format", *torch_format = "pt";
/// Keys of the metadata of a model: a topology and its hash, always together with a checksum.
inline constexpr const char *topology_key = "lamina.topology", *fingerprint_key = "lamina.fingerprint";
/// Key of the metadata of a checkpoint.
inline constexpr const char* checkpoint_key = "lamina.checkpoint";

/// The size of a header with the spaces at its end: the data begin at a multiple of 8 bytes.
[[nodiscard]] constexpr std::size_t padded(std::size_t header) noexcept {
    return (header + 7) / 8 * 8;
}

/// Writes a header. `notes(note)` calls note(key, spell) for each entry of the metadata, where spell(out)
/// writes the value. `tensors(tensor)` calls tensor(name, dtype, extents, rank, begin, end) for each tensor.
/// Names and values are what JSON has between the quotes.
///
/// Source of the format: https://github.com/huggingface/safetensors, "Format".
template <class Notes, class Tensors>
constexpr void spell_header(Spelling& out, Notes notes, Tensors tensors) {
    out << "{\"" << metadata_key << "\":{";
    bool first = true;
    notes([&](std::string_view key, auto spell) {
        out << (first ? "\"" : ",\"") << key << "\":\"";
        spell(out);
        out << "\"";
        first = false;
    });
    out << "}";
    tensors([&](std::string_view name, std::string_view dtype, const auto* extents, std::size_t rank,
                std::uint64_t begin, std::uint64_t end) {
        out << ",\"" << name << "\":{\"" << dtype_key << "\":\"" << dtype << "\",\"" << shape_key << "\":[";
        for (std::size_t axis = 0; axis < rank; ++axis)
            out << (axis > 0 ? "," : "") << static_cast<std::uint64_t>(extents[axis]);
        out << "],\"" << offsets_key << "\":[" << begin << "," << end << "]}";
    });
    out << "}";
}

} // namespace lamina::inline LAMINA_ABI::files
