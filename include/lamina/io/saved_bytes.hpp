// load_saved: weights from bytes in memory, without heap, exceptions or JSON. Needs zlib.
#pragma once

#include <lamina/finite.hpp>
#include <lamina/ieee.hpp>
#include <lamina/io/checksum.hpp>
#include <lamina/io/model_tensors.hpp>
#include <lamina/io/number_formats.hpp>
#include <lamina/model.hpp>
#include <lamina/topology/fingerprint.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {
namespace io {

inline constexpr std::string_view header_start = R"({"__metadata__":{"format":"pt",)";

template <class M>
inline constexpr std::size_t layer_count = M::layers.size();

/// Calls put(text) with the parts of the header that `save` writes for the first layers of a model, with
/// zeros as its checksum.
template <class M, std::size_t Layers, class Put>
constexpr void spell_header(Put put) {
    constexpr std::uint64_t fingerprint = topology::fingerprint(M::input_shape::extents, M::layers, Layers);
    const auto number = [&](std::size_t value) {
        char digits[20] = {};
        std::size_t n = sizeof digits;
        do
            digits[--n] = static_cast<char>('0' + value % 10);
        while ((value /= 10) != 0);
        put(std::string_view{digits + n, sizeof digits - n});
    };
    put(header_start);
    put(checksum_mark);
    put(no_checksum);
    put(R"(","lamina.fingerprint":")");
    for (int shift = 60; shift >= 0; shift -= 4)
        put(std::string_view{&"0123456789abcdef"[fingerprint >> shift & 0xfU], 1});
    put(R"(","lamina.topology":")");
    topology::spell(M::input_shape::extents, M::layers, Layers, put);
    put("\"}");
    std::size_t end = 0;
    for (const ModelTensor& tensor : model_tensors<M>) {
        put(",\"");
        put(tensor.name);
        put(R"(":{"dtype":")");
        put(info(dtype_of<typename M::scalar>).name);
        put(R"(","shape":[)");
        for (int axis = 0; axis < tensor.shape.rank; ++axis) {
            put(axis > 0 ? "," : "");
            number(static_cast<std::size_t>(tensor.shape[axis]));
        }
        put(R"(],"data_offsets":[)");
        number(end);
        put(",");
        number(end += tensor.size * sizeof(typename M::scalar));
        put("]}");
    }
    put("}");
}

template <class M, std::size_t Layers>
inline constexpr std::size_t saved_header_size = [] {
    std::size_t size = 0;
    spell_header<M, Layers>([&](std::string_view part) { size += part.size(); });
    return (size + 7) / 8 * 8;
}();

/// The whole header, with the spaces at the end.
template <class M, std::size_t Layers = layer_count<M>>
inline constexpr std::array<char, saved_header_size<M, Layers>> saved_header = [] {
    std::array<char, saved_header_size<M, Layers>> header{};
    std::size_t size = 0;
    spell_header<M, Layers>([&](std::string_view part) {
        for (const char c : part)
            header[size++] = c;
    });
    while (size < header.size())
        header[size++] = ' ';
    return header;
}();

/// Whether the bytes are an undamaged file that `save` wrote for this model, or for its first layers if these
/// have all its tensors.
template <class M, std::size_t Layers = layer_count<M>>
[[nodiscard]] bool is_saved(std::span<const std::byte> bytes) noexcept {
    constexpr std::size_t length = 8;
    constexpr std::string_view expected{saved_header<M, Layers>.data(), saved_header<M, Layers>.size()};
    constexpr std::size_t place = header_start.size() + checksum_mark.size();
    if (bytes.size() != length + expected.size() + tensor_bytes<M> ||
        read_little_endian<std::uint64_t>(bytes.data()) != expected.size())
        return false;
    const std::string_view found{reinterpret_cast<const char*>(bytes.data() + length), expected.size()};
    constexpr std::size_t rest = place + no_checksum.size();
    return found.substr(0, place) == expected.substr(0, place) &&
           found.substr(rest) == expected.substr(rest) &&
           is_checksum(found.substr(place, no_checksum.size()), checksum(bytes, length + place));
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
            if (!is_finite(io::read_number<T>(io::dtype_of<T>, data.data() + at)))
                return false;
        const std::byte* next = data.data();
        for (const io::ModelTensor& tensor : io::model_tensors<M>)
            for (std::size_t i = 0; i < tensor.size; ++i, next += sizeof(T))
                model.parameters()[tensor.place(i)] = io::read_number<T>(io::dtype_of<T>, next);
    }
    return true;
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
