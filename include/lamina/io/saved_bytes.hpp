// load_saved: weights from bytes in memory, without heap, exceptions or JSON. Needs zlib.
#pragma once

#include <lamina/files/checksum.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_header.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/model_header.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {
namespace io {

/// Whether the bytes are an undamaged file that `save` wrote for this model, or for its first layers if these
/// have all its tensors.
template <class M, std::size_t Layers = layer_count<M>>
[[nodiscard]] bool is_saved(std::span<const std::byte> bytes) noexcept {
    constexpr std::string_view expected{saved_header<M, Layers>.data(), saved_header<M, Layers>.size()};
    const std::size_t place = files::checksum_place(expected);
    if (bytes.size() != files::length_bytes + expected.size() + tensor_bytes<M> ||
        files::read_little_endian<std::uint64_t>(bytes.data()) != expected.size())
        return false;
    const std::string_view found{reinterpret_cast<const char*>(bytes.data() + files::length_bytes),
                                 expected.size()};
    const std::size_t rest = place + files::no_checksum.size();
    return found.substr(0, place) == expected.substr(0, place) &&
           found.substr(rest) == expected.substr(rest) &&
           files::is_checksum(found.substr(place, files::no_checksum.size()),
                              files::checksum(bytes, files::length_bytes + place));
}

/// Whether the bytes are such a file of the network without the Softmax or Sigmoid at the end of this model.
template <class M>
[[nodiscard]] bool is_saved_without_probabilities(std::span<const std::byte> bytes) noexcept {
    if constexpr (constexpr std::size_t before = layer_count<M> - 1;
                  before > 0 && topology::makes_probabilities(M::layers[before].name))
        return is_saved<M, before>(bytes);
    else
        return false;
}

} // namespace io

/// Loads weights and biases from the bytes of a file that `save` wrote for this very model, for example in
/// flash; or for the same network without the Softmax or Sigmoid at its end. For any other bytes it returns
/// false and does not change the model; `load` says what is wrong with them.
template <class Topology, class In, class T>
[[nodiscard]] bool load_saved(Model<Topology, In, T>& model, std::span<const std::byte> bytes) noexcept {
    using M = Model<Topology, In, T>;
    if constexpr (!Broken<M>) {
        if (!io::is_saved<M>(bytes) && !io::is_saved_without_probabilities<M>(bytes))
            return false;
        const std::span<const std::byte> data = bytes.last(io::tensor_bytes<M>);
        for (std::size_t at = 0; at < data.size(); at += sizeof(T))
            if (!is_finite(files::read_number<T>(files::dtype_of<T>, data.data() + at)))
                return false;
        const std::byte* next = data.data();
        for (const ModelTensor& tensor : io::model_tensors<M>)
            for (std::size_t i = 0; i < tensor.size; ++i, next += sizeof(T))
                model.numbers()[tensor.place(i)] = files::read_number<T>(files::dtype_of<T>, next);
    }
    return true;
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
