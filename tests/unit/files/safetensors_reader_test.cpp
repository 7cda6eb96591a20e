#include <lamina/files/safetensors_reader.hpp>

#include "unit/io/stored_file.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace ln = lamina;

namespace {

// The tiny header with one part replaced.
std::string fault_with(std::string_view part, std::string_view other) {
    return fault_of(stored(with(tiny_header, part, other), tiny_data));
}

const std::string cut_short = ": the file is cut short, or was not wholly copied";

} // namespace

TEST_CASE("a file cut short anywhere is an error") {
    const FileBytes whole = stored(tiny_header, tiny_data);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(fault_of(FileBytes(whole.data(), whole.data() + size)).find("expected ") != std::string::npos);

    CHECK(fault_of({}) == "file: expected the 8 bytes of a header's length, found 0 bytes in all");
    CHECK(fault_of(FileBytes(7)) == "file: expected the 8 bytes of a header's length, found 7 bytes in all");
    CHECK(fault_of(FileBytes(8)) == "file: expected a header that begins with '{', found ''");
    CHECK(
        fault_of(stored(tiny_header, floats({1.0F}))) ==
        "file: tensor 0.weight: expected data_offsets [begin,end] within the 4 bytes of data, found [0,24]" +
            cut_short);
}

TEST_CASE("a flipped bit is a format_error or other numbers, and nothing worse") {
    const FileBytes whole = stored(tiny_header, tiny_data);
    for (std::size_t i = 0; i < whole.size() * 8; ++i) {
        FileBytes damaged = whole;
        damaged[i / 8] ^= std::byte{1} << i % 8;
        Tiny model;
        try {
            ln::load(model, damaged);
        } catch (const ln::format_error&) {
        }
    }
}

TEST_CASE("a header longer than the file, or than any header, is an error") {
    CHECK(fault_of(stored(tiny_header, tiny_data, 300)) ==
          "file: expected a header of 300 bytes, found that the file ends after 156" + cut_short);
    CHECK(fault_of(stored(tiny_header, tiny_data, 100'000'000)) ==
          "file: expected a header of 100000000 bytes, found that the file ends after 156" + cut_short);
    CHECK(fault_of(stored(tiny_header, tiny_data, 100'000'001)) ==
          "file: not a safetensors file: expected a header of at most 100000000 bytes, found a length of "
          "100000001");
    CHECK(fault_of(stored(tiny_header, tiny_data, UINT64_MAX)) ==
          "file: not a safetensors file: expected a header of at most 100000000 bytes, found a length of "
          "18446744073709551615");
    FileBytes text(100, std::byte{'t'});
    CHECK(fault_of(text) ==
          "file: not a safetensors file: expected a header of at most 100000000 bytes, found a length of "
          "8391460049216894068");
}

TEST_CASE("a file of another format is an error that says what to do") {
    const auto check = [](std::string_view start, const std::string& said) {
        FileBytes bytes;
        for (const char c : start)
            bytes.push_back(static_cast<std::byte>(c));
        bytes.resize(100, std::byte{1});
        CHECK(fault_of(bytes) == "file: expected a safetensors file, found " + said);
    };
    check("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46",
          "a pickle, as torch.save once wrote: write it with safetensors.torch.save_file");
    check("\x80\x04\x95\x19\x01\x01\x01\x01", "a pickle: write it with safetensors.torch.save_file");
    check("\x93NUMPY\x01", "an array of numpy.save: write it with safetensors.numpy.save_file");
    check("version https://git-lfs.github.com/spec/v1\n",
          "a pointer of Git LFS to the file: get the file with git lfs pull");
    FileBytes zip(100, std::byte{1});
    zip[0] = std::byte{'P'};
    zip[1] = std::byte{'K'};
    CHECK(fault_of(zip) ==
          "file: expected a safetensors file, found a zip file, as torch.save and numpy.savez "
          "write: write it with safetensors.torch.save_file");
}

TEST_CASE("a header that is no JSON object is an error") {
    CHECK(fault_of(stored("[]", {})) == "file: expected a header that begins with '{', found '['");
    CHECK(fault_of(stored(" {}", {})) == "file: expected a header that begins with '{', found ' '");
    CHECK(fault_of(stored("\x1b[2J", {})) == "file: expected a header that begins with '{', found '?'");
    CHECK(fault_of(stored("{\"a\"", {})) ==
          "file: expected a header in JSON, found at byte 4: ':' expected near end of file");
    CHECK(fault_of(stored("{} {}", {})) ==
          "file: expected a header in JSON, found at byte 4: end of file expected near '{'");
    CHECK(
        fault_of(stored("{\"\xff\":1}", {})).starts_with("file: expected a header in JSON, found at byte "));
    CHECK(fault_of(stored(std::string(5000, '{'), {})).starts_with("file: expected a header in JSON"));
}

TEST_CASE("two tensors of one name are an error") {
    CHECK(fault_with("0.bias", "0.weight") ==
          "file: expected a header in JSON, found at byte 74: duplicate object key near '\"0.weight\"'");
}

TEST_CASE("an entry that is of the wrong type is an error that names the tensor") {
    CHECK(fault_of(stored(R"({"a":[1, 2]})", {})) ==
          "file: tensor a: expected an object with dtype, shape and data_offsets, found [1,2]");
    CHECK(fault_with(R"("F32")", "32") == "file: tensor 0.weight: expected a string as dtype, found 32");
    CHECK(fault_with("dtype", "d") == "file: tensor 0.weight: expected a string as dtype, found none");

    const std::string shape =
        "file: tensor 0.weight: expected shape to be an array of integers from 0 on, found ";
    CHECK(fault_with("[2,3]", "6") == shape + "6");
    CHECK(fault_with("[2,3]", "[2.0,3]") == shape + "[2.0,3]");
    CHECK(fault_with("[2,3]", "[-2,-3]") == shape + "[-2,-3]");
    CHECK(fault_with("[2,3]", "[2,\"3\"]") == shape + "[2,\"3\"]");
    CHECK(fault_with("\"shape\"", "\"s\"") == shape + "none");
    CHECK(fault_with("[2,3]", "\"" + std::string(100, 'x') + "\"") ==
          shape + "\"" + std::string(79, 'x') + "...");

    CHECK(fault_with("[0,24]", "null") ==
          "file: tensor 0.weight: expected data_offsets to be an array of integers from 0 on, found null");
    const std::string offsets =
        "file: tensor 0.weight: expected data_offsets [begin,end] within the 32 bytes of "
        "data, found ";
    CHECK(fault_with("[0,24]", "[]") == offsets + "[]");
    CHECK(fault_with("[0,24]", "[0,24,24]") == offsets + "[0,24,24]");
    CHECK(fault_with("[0,24]", "[24,0]") == offsets + "[24,0]");
    CHECK(fault_with("[0,24]", "[0,33]") == offsets + "[0,33]" + cut_short);
    CHECK(fault_with("[0,24]", "[0,9223372036854775807]") == offsets + "[0,9223372036854775807]" + cut_short);
}

TEST_CASE("metadata that are not strings are an error") {
    CHECK(fault_with("{\"0", "{\"__metadata__\":[],\"0") ==
          "file: expected __metadata__ to be an object, found []");
    CHECK(fault_with("{\"0", "{\"__metadata__\":{\"epoch\":5},\"0") ==
          "file: expected __metadata__ to map strings to strings, found 5 for epoch");
}

TEST_CASE("metadata may be null, which is as good as none") {
    Tiny model;
    ln::load(model, stored(with(tiny_header, "{\"0", "{\"__metadata__\":null,\"0"), tiny_data));
    CHECK(model.weight<0>()(1, 0) == 4);
}

TEST_CASE("a tensor whose bytes are not those of its shape is an error") {
    CHECK(
        fault_with("[2,3]", "[2,4]") ==
        "file: tensor 0.weight: expected 32 bytes for shape [2,4] of F32, found 24 between its data_offsets");
    CHECK(
        fault_with("F32", "F16") ==
        "file: tensor 0.weight: expected 12 bytes for shape [2,3] of F16, found 24 between its data_offsets");
    const std::string overflow =
        "file: tensor 0.weight: expected a shape whose size is below 2^64 bytes, found ";
    // Products that would be 0 and 24 in 64 bits.
    CHECK(fault_with("[2,3]", "[4294967296,4294967296]") == overflow + "[4294967296,4294967296]");
    CHECK(fault_with("[2,3]", "[4611686018427387910,1]") == overflow + "[4611686018427387910,1]");
}

TEST_CASE("data that overlap, leave holes or follow the last tensor are an error") {
    CHECK(
        fault_with("[2],\"data_offsets\":[24,32]", "[2],\"data_offsets\":[20,28]") ==
        "file: tensor 0.bias: expected its data to begin at byte 24, where 0.weight ends, found data_offsets "
        "that begin at 20");
    CHECK(
        fault_with("[2],\"data_offsets\":[24,32]", "[1],\"data_offsets\":[28,32]") ==
        "file: tensor 0.bias: expected its data to begin at byte 24, where 0.weight ends, found data_offsets "
        "that begin at 28");
    CHECK(fault_with("[2,3],\"data_offsets\":[0,24]", "[1],\"data_offsets\":[20,24]") ==
          "file: tensor 0.weight: expected its data to begin at byte 0, found data_offsets that begin at 20");
    FileBytes more = tiny_data;
    more.push_back(std::byte{0});
    CHECK(fault_of(stored(tiny_header, more)) ==
          "file: expected 32 bytes of data, as its tensors say, found 33");
}
