// The header of the file that `save` writes for a model, known while the program compiles.
#pragma once

#include <lamina/files/checksum.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_header.hpp>
#include <lamina/files/spelling.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lamina::inline LAMINA_ABI::io {

template <class M>
inline constexpr std::size_t layer_count = M::layers.size();

/// Calls note(key, spell) for each entry of the metadata of a model with these layers, or of its first
/// `count` ones, where spell(out) writes the value. The checksum is zeros.
constexpr void for_each_note(const dims& input, std::span<const LayerInfo> layers, std::size_t count,
                             auto note) {
    note(files::format_key, [](files::Spelling& out) { out << files::torch_format; });
    note(files::checksum_key, [](files::Spelling& out) { out << files::no_checksum; });
    note(files::fingerprint_key,
         [&](files::Spelling& out) { out.hexadecimal(topology::fingerprint(input, layers, count), 16); });
    note(files::topology_key, [&](files::Spelling& out) {
        topology::spell(input, layers, count, [&](std::string_view part) { out << part; });
    });
}

/// Writes the header for the first layers of a model.
template <class M, std::size_t Layers>
constexpr void spell_model_header(files::Spelling& out) {
    files::spell_header(
        out, [](auto note) { for_each_note(M::input_shape::extents, M::layers, Layers, note); },
        [](auto stored) {
            std::uint64_t end = 0;
            for (const ModelTensor& tensor : model_tensors<M>) {
                const std::uint64_t begin = end;
                end += tensor.size * sizeof(typename M::scalar);
                stored(tensor.name, files::info(files::dtype_of<typename M::scalar>).name,
                       tensor.shape.extent, static_cast<std::size_t>(tensor.shape.rank), begin, end);
            }
        });
}

template <class M, std::size_t Layers>
inline constexpr std::size_t saved_header_size = [] {
    files::Spelling out;
    spell_model_header<M, Layers>(out);
    return files::padded(out.size);
}();

/// The whole header, with the spaces at the end.
template <class M, std::size_t Layers = layer_count<M>>
inline constexpr std::array<char, saved_header_size<M, Layers>> saved_header = [] {
    std::array<char, saved_header_size<M, Layers>> header{};
    files::Spelling out{header.data()};
    spell_model_header<M, Layers>(out);
    while (out.size < header.size())
        out << " ";
    return header;
}();

} // namespace lamina::inline LAMINA_ABI::io
