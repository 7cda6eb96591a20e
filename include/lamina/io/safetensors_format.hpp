// The safetensors format: the content of a file, and its bytes. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/io/bytes.hpp>
#include <lamina/io/checksum.hpp>
#include <lamina/io/json.hpp>
#include <lamina/io/list.hpp>
#include <lamina/io/number_formats.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::inline LAMINA_ABI::io {

/// A tensor in a file: row-major, with its bytes at [begin, end) of the file's data.
struct StoredTensor {
    std::string name;
    Dtype dtype;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string other_dtype = {}; ///< what the file calls it, if it is `other`
};

/// An entry of the metadata.
struct Note {
    std::string name;
    std::string value;
};

/// The content of a file. `data` is stored elsewhere; the tensors cover it without gaps.
struct Safetensors {
    List<StoredTensor> tensors;
    List<Note> metadata;
    std::span<const std::byte> data;

    /// The value of that name in the metadata; null if there is none.
    [[nodiscard]] const std::string* find(std::string_view name) const noexcept {
        for (const Note& note : metadata)
            if (note.name == name)
                return &note.value;
        return nullptr;
    }
    [[nodiscard]] std::span<const std::byte> bytes(const StoredTensor& tensor) const noexcept {
        return data.subspan(as_size(tensor.begin), as_size(tensor.end - tensor.begin));
    }
};

/// Pointers to the tensors in the order of before(a, b). It is fast for any number of tensors. (std::sort
/// would need <algorithm>, which slows down the compilation of every program.)
template <class Before>
[[nodiscard]] List<const StoredTensor*> sorted(const List<StoredTensor>& tensors, Before) {
    List<const StoredTensor*> order;
    for (const StoredTensor& tensor : tensors)
        order.push_back(&tensor);
    if (!order.empty())
        std::qsort(order.data(), order.size(), sizeof(const StoredTensor*), [](const void* a, const void* b) {
            const StoredTensor &x = **static_cast<const StoredTensor*const*>(a),
                               &y = **static_cast<const StoredTensor*const*>(b);
            return Before{}(y, x) - Before{}(x, y);
        });
    return order;
}

inline constexpr const char* metadata_key = "__metadata__";
/// Key of the metadata: the framework whose layout the tensors have.
inline constexpr const char* format_key = "format";
inline constexpr const char* torch_format = "pt";
inline constexpr const char* readable_dtypes = "F16, BF16, F32 or F64";
/// Keys of the metadata that `save` writes: `topology_text` and its hash, always together with a checksum.
inline constexpr const char* topology_key = "lamina.topology";
inline constexpr const char* fingerprint_key = "lamina.fingerprint";
/// Key of a checkpoint's metadata, and the patterns of the tensors that only checkpoints have.
inline constexpr const char* checkpoint_key = "lamina.checkpoint";
inline constexpr const char* checkpoint_only = R"("optimizer.*", "best.*")";
/// Number of bytes before the header, which hold its length.
inline constexpr std::size_t length_bytes = 8;

/// "[16,3,5,5]".
[[nodiscard]] inline std::string to_string(const std::vector<std::uint64_t>& shape) {
    std::string text;
    for (const std::uint64_t extent : shape)
        text.append(text.empty() ? "" : ",").append(std::to_string(extent));
    return '[' + printable(text) + ']';
}

/// "[16,3,5,5]", or "[] of I64" for a number type that models do not have.
[[nodiscard]] inline std::string to_string(const StoredTensor& tensor) {
    return to_string(tensor.shape) +
           (tensor.dtype == Dtype::other ? " of " + printable(std::string_view{tensor.other_dtype}) : "");
}

[[nodiscard]] inline std::vector<std::uint64_t> extents_of(const dims& shape) {
    return {shape.extent, shape.extent + shape.rank};
}

[[nodiscard]] inline json_t* header_entry(const StoredTensor& tensor) {
    json_t* shape = json_array();
    for (const std::uint64_t extent : tensor.shape)
        json_array_append_new(shape, json_integer(static_cast<json_int_t>(extent)));
    const std::string_view dtype = info(tensor.dtype).name;
    return json_pack("{s:s%, s:o, s:[I,I]}", "dtype", dtype.data(), dtype.size(), "shape", shape,
                     "data_offsets", static_cast<json_int_t>(tensor.begin),
                     static_cast<json_int_t>(tensor.end));
}

[[nodiscard]] inline std::string header_text(const Safetensors& file) {
    const Json header{json_object()};
    json_t* metadata = json_object();
    int fault = json_object_set_new(header.get(), metadata_key, metadata);
    for (const Note& note : file.metadata)
        fault |= json_object_set_new(metadata, note.name.c_str(), json_string(note.value.c_str()));
    for (const StoredTensor& tensor : file.tensors)
        fault |= json_object_set_new(header.get(), tensor.name.c_str(), header_entry(tensor));
    const JsonText text{json_dumps(header.get(), JSON_COMPACT)};
    if (fault != 0 || !text)
        raise(format_error{"a safetensors header needs names and metadata in UTF-8"});
    return text.get();
}

/// The bytes of a file. The header ends with spaces, so that the data begin at a multiple of 8 bytes. If the
/// metadata have a checksum, it is computed.
///
/// Source of the format: https://github.com/huggingface/safetensors, "Format".
[[nodiscard]] inline std::vector<std::byte> to_bytes(const Safetensors& file) {
    std::string header = header_text(file);
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::vector<std::byte> bytes(length_bytes + header.size() + file.data.size());
    write_little_endian(std::uint64_t{header.size()}, bytes.data());
    std::byte* next = bytes.data() + length_bytes;
    for (const char c : header)
        *next++ = static_cast<std::byte>(c);
    for (const std::byte b : file.data)
        *next++ = b;
    if (const std::size_t place = checksum_place(header); place != header.npos)
        spell_checksum(checksum(bytes_of(bytes), length_bytes + place), [&](std::size_t i, char digit) {
            bytes[length_bytes + place + i] = static_cast<std::byte>(digit);
        });
    return bytes;
}

} // namespace lamina::inline LAMINA_ABI::io
