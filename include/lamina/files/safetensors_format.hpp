// The safetensors format: the content of a file, and its bytes. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/bytes.hpp>
#include <lamina/files/checksum.hpp>
#include <lamina/files/json.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_header.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lamina::inline LAMINA_ABI::files {

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

inline constexpr const char* readable_dtypes = "F16, BF16, F32 or F64";

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

/// What JSON has between the quotes of a string. Throws `format_error` unless the text is UTF-8.
[[nodiscard]] inline std::string between_quotes(const std::string& text) {
    const Json string{json_string(text.c_str())};
    const JsonText quoted{string ? json_dumps(string.get(), JSON_ENCODE_ANY) : nullptr};
    if (!quoted)
        raise(format_error{"a safetensors header needs names and metadata in UTF-8"});
    const std::string_view all{quoted.get()};
    return std::string{all.substr(1, all.size() - 2)};
}

[[nodiscard]] inline std::string header_text(const Safetensors& file) {
    return spelled([&](Spelling& out) {
        spell_header(
            out,
            [&](auto note) {
                for (const Note& own : file.metadata)
                    note(between_quotes(own.name),
                         [&](Spelling& value) { value << between_quotes(own.value); });
            },
            [&](auto tensor) {
                for (const StoredTensor& own : file.tensors)
                    tensor(between_quotes(own.name), info(own.dtype).name, own.shape.data(), own.shape.size(),
                           own.begin, own.end);
            });
    });
}

/// The bytes of a file. If the metadata have a checksum, it is computed.
[[nodiscard]] inline std::vector<std::byte> to_bytes(const Safetensors& file) {
    std::string header = header_text(file);
    header.resize(padded(header.size()), ' ');
    std::vector<std::byte> bytes(length_bytes + header.size() + file.data.size());
    write_little_endian(std::uint64_t{header.size()}, bytes.data());
    std::byte* next = bytes.data() + length_bytes;
    for (const char c : header)
        *next++ = static_cast<std::byte>(c);
    for (const std::byte b : file.data)
        *next++ = b;
    if (const std::size_t place = checksum_place(header); place != header.npos)
        set_checksum(bytes, length_bytes + place);
    return bytes;
}

} // namespace lamina::inline LAMINA_ABI::files
