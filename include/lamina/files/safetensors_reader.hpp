// Reads and checks a safetensors file, independently of any model. Needs jansson and zlib.
#pragma once

#include <lamina/error.hpp>
#include <lamina/files/json.hpp>
#include <lamina/files/list.hpp>
#include <lamina/files/number_formats.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/safetensors_header.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamina::inline LAMINA_ABI::files {

/// Reads a file from its bytes and checks all that does not depend on a model. Every error is a
/// `format_error` that names the source, the tensor, what was expected and what was found. Memory grows with
/// the bytes that are actually there, not with the sizes they claim.
///
/// Source of the format: https://github.com/huggingface/safetensors, "Format".
class SafetensorsReader {
  public:
    SafetensorsReader(std::span<const std::byte> bytes, std::string_view source)
        : bytes_{bytes}, source_{printable_path(source)} {}

    [[nodiscard]] const std::string& source() const noexcept { return source_; }

    [[nodiscard]] Safetensors read() const {
        const std::string_view text = header_text();
        const Json header = parse(text);
        Safetensors file;
        file.data = bytes_.subspan(length_bytes + text.size());
        for (void* i = json_object_iter(header.get()); i; i = json_object_iter_next(header.get(), i)) {
            if (std::strcmp(json_object_iter_key(i), metadata_key) == 0)
                file.metadata = metadata(json_object_iter_value(i));
            else
                file.tensors.push_back(
                    tensor(json_object_iter_key(i), json_object_iter_value(i), file.data.size()));
        }
        check_cover(file);
        check_checksum(file, text);
        return file;
    }

  private:
    static constexpr std::size_t most_header_bytes = 100'000'000;

    [[noreturn]] void fail(const std::string& fault) const { raise(format_error{source_ + ": " + fault}); }
    [[noreturn]] void fail(std::string_view tensor, const std::string& fault) const {
        fail("tensor " + printable(tensor) + ": " + fault);
    }

    [[nodiscard]] std::string_view header_text() const {
        if (bytes_.size() < length_bytes)
            fail("expected the 8 bytes of a header's length, found " + std::to_string(bytes_.size()) +
                 " bytes in all");
        const auto length = read_little_endian<std::uint64_t>(bytes_.data());
        const std::size_t rest = bytes_.size() - length_bytes;
        if (length > most_header_bytes) {
            fail_if_known({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
            fail("not a safetensors file: expected a header of at most " + std::to_string(most_header_bytes) +
                 " bytes, found a length of " + std::to_string(length));
        }
        if (length > rest)
            fail("expected a header of " + std::to_string(length) +
                 " bytes, found that the file ends after " + std::to_string(rest) + cut_short);
        return {reinterpret_cast<const char*>(bytes_.data() + length_bytes),
                static_cast<std::size_t>(length)};
    }

    /// Throws if a file begins as one of another format that is taken for safetensors.
    void fail_if_known(std::string_view text) const {
        static constexpr struct {
            std::string_view start, what;
        } formats[] = {
            {"PK",
             "a zip file, as torch.save and numpy.savez write: write it with safetensors.torch.save_file"},
            {"\x80\x02", "a pickle, as torch.save once wrote: write it with safetensors.torch.save_file"},
            {"\x80\x04", "a pickle: write it with safetensors.torch.save_file"},
            {"\x93NUMPY", "an array of numpy.save: write it with safetensors.numpy.save_file"},
            {"version https://git-lfs", "a pointer of Git LFS to the file: get the file with git lfs pull"},
        };
        for (const auto& format : formats)
            if (text.substr(0, format.start.size()) == format.start)
                fail("expected a safetensors file, found " + std::string{format.what});
    }

    static constexpr const char* cut_short = ": the file is cut short, or was not wholly copied";

    [[nodiscard]] Json parse(std::string_view text) const {
        if (text.empty() || text.front() != '{')
            fail("expected a header that begins with '{', found '" + printable(text.substr(0, 1)) + "'");
        json_error_t error;
        Json header{json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &error)};
        if (!header)
            fail("expected a header in JSON, found at byte " + std::to_string(error.position) + ": " +
                 printable(std::string_view{error.text}));
        return header;
    }

    [[nodiscard]] List<Note> metadata(json_t* json) const {
        List<Note> all;
        if (json_is_null(json)) // as good as none to the reference reader, too
            return all;
        if (!json_is_object(json))
            fail("expected __metadata__ to be an object, found " + printable(json));
        for (void* i = json_object_iter(json); i; i = json_object_iter_next(json, i)) {
            const json_t* value = json_object_iter_value(i);
            if (!json_is_string(value))
                fail("expected __metadata__ to map strings to strings, found " + printable(value) + " for " +
                     printable(std::string_view{json_object_iter_key(i)}));
            all.push_back({json_object_iter_key(i), json_string_value(value)});
        }
        return all;
    }

    [[nodiscard]] StoredTensor tensor(const char* name, const json_t* json, std::uint64_t data_bytes) const {
        if (!json_is_object(json))
            fail(name, "expected an object with dtype, shape and data_offsets, found " + printable(json));
        StoredTensor tensor{name, Dtype::other, numbers(name, shape_key, json_object_get(json, shape_key))};
        set_dtype(tensor, json_object_get(json, dtype_key));
        const auto offsets = numbers(name, offsets_key, json_object_get(json, offsets_key));
        if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes)
            fail(name, "expected data_offsets [begin,end] within the " + std::to_string(data_bytes) +
                           " bytes of data, found " + to_string(offsets) +
                           (offsets.size() == 2 && offsets[0] <= offsets[1] ? cut_short : ""));
        tensor.begin = offsets[0];
        tensor.end = offsets[1];
        check_size(tensor);
        return tensor;
    }

    /// Any: a tensor that no model can have may be in a file, to be listed with all else that is wrong with
    /// it.
    void set_dtype(StoredTensor& tensor, const json_t* json) const {
        const char* found = json_string_value(json); // null unless it is a string
        if (found == nullptr)
            fail(tensor.name, "expected a string as dtype, found " + printable(json));
        for (const Dtype known : {Dtype::f16, Dtype::bf16, Dtype::f32, Dtype::f64})
            if (info(known).name == found)
                tensor.dtype = known;
        if (tensor.dtype == Dtype::other)
            tensor.other_dtype = found;
    }

    [[nodiscard]] std::vector<std::uint64_t> numbers(const char* name, const char* what,
                                                     const json_t* json) const {
        std::vector<std::uint64_t> all;
        bool fits = json_is_array(json);
        for (std::size_t i = 0; fits && i < json_array_size(json); ++i) {
            const json_t* number = json_array_get(json, i);
            fits = json_is_integer(number) && json_integer_value(number) >= 0;
            all.push_back(static_cast<std::uint64_t>(json_integer_value(number)));
        }
        if (!fits)
            fail(name, std::string{"expected "} + what + " to be an array of integers from 0 on, found " +
                           printable(json));
        return all;
    }

    void check_size(const StoredTensor& tensor) const {
        if (tensor.dtype == Dtype::other) // it may have been invented since
            return;
        std::uint64_t bytes = info(tensor.dtype).bytes;
        for (const std::uint64_t extent : tensor.shape)
            if (__builtin_mul_overflow(bytes, extent, &bytes))
                fail(tensor.name,
                     "expected a shape whose size is below 2^64 bytes, found " + to_string(tensor.shape));
        if (bytes != tensor.end - tensor.begin)
            fail(tensor.name, "expected " + std::to_string(bytes) + " bytes for shape " +
                                  to_string(tensor.shape) + " of " + std::string{info(tensor.dtype).name} +
                                  ", found " + std::to_string(tensor.end - tensor.begin) +
                                  " between its data_offsets");
    }

    void check_cover(const Safetensors& file) const {
        std::uint64_t end = 0;
        std::string_view last;
        for (const StoredTensor* tensor :
             sorted(file.tensors, [](const StoredTensor&a, const StoredTensor&b) {
                 return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
             })) {
            if (tensor->begin != end)
                fail(tensor->name, "expected its data to begin at byte " + std::to_string(end) +
                                       (last.empty() ? "" : ", where " + printable(last) + " ends") +
                                       ", found data_offsets that begin at " + std::to_string(tensor->begin));
            end = tensor->end;
            last = tensor->name;
        }
        if (end != file.data.size())
            fail("expected " + std::to_string(end) + " bytes of data, as its tensors say, found " +
                 std::to_string(file.data.size()));
    }

    void check_checksum(const Safetensors& file, std::string_view text) const {
        const std::string* found = file.find(checksum_key);
        if (found == nullptr && file.find(fingerprint_key) == nullptr)
            return;
        if (found == nullptr)
            fail("expected lamina.crc32 beside lamina.fingerprint in the metadata, found none");
        const std::size_t place = checksum_place(text);
        if (place == text.npos)
            fail("expected the checksum lamina.crc32 to be 8 digits without spaces before them, found " +
                 printable(std::string_view{*found}));
        const std::uint32_t crc = checksum(bytes_, length_bytes + place);
        if (is_checksum(text.substr(place, no_checksum.size()), crc))
            return;
        fail("expected checksum " + checksum_text(crc) + ", found " + printable(std::string_view{*found}) +
             ": the file is damaged, or was changed without taking lamina.crc32 and lamina.fingerprint out "
             "of its metadata");
    }

    std::span<const std::byte> bytes_;
    std::string source_;
};

} // namespace lamina::inline LAMINA_ABI::files
