#include <lamina/files/checksum.hpp>
#include <lamina/files/safetensors_format.hpp>
#include <lamina/files/safetensors_reader.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace files = lamina::files;

constexpr std::string_view spelled =
    R"({"__metadata__":{"a":"b"},"0.weight":{"dtype":"F32","shape":[2,10],"data_offsets":[0,80]}})";

/// Whether a constant expression spells a note and a matrix so.
constexpr bool is_spelled_as_expected() {
    std::array<char, spelled.size()> text{};
    files::Spelling out{text.data()};
    files::spell_header(
        out, [](auto note) { note("a", [](files::Spelling& value) { value << "b"; }); },
        [](auto tensor) {
            constexpr int shape[]{2, 10};
            tensor("0.weight", "F32", shape, 2, 0, 80);
        });
    return out.size == text.size() && std::string_view{text.data(), text.size()} == spelled;
}
static_assert(is_spelled_as_expected());

/// The bytes of a file with these names, notes and 80 zeros as data.
std::vector<std::byte> written(const std::string& tensor, const files::List<files::Note>& notes) {
    const std::vector<std::byte> data(80);
    files::Safetensors file;
    file.metadata = notes;
    file.tensors.push_back({tensor, files::Dtype::f32, {2, 10}, 0, 80});
    file.data = data;
    return files::to_bytes(file);
}

} // namespace

TEST_CASE("header: a program writes what a constant expression spells, with spaces up to a multiple of 8") {
    const std::vector<std::byte> bytes = written("0.weight", {{"a", "b"}});
    const std::size_t length = files::padded(spelled.size());
    REQUIRE(bytes.size() == files::length_bytes + length + 80);
    CHECK(files::read_little_endian<std::uint64_t>(bytes.data()) == length);
    const std::string header{reinterpret_cast<const char*>(bytes.data() + files::length_bytes), length};
    CHECK(header == std::string{spelled} + std::string(length - spelled.size(), ' '));
}

TEST_CASE("header: quotes, backslashes, control characters and UTF-8 in names come back") {
    const std::string odd = "a\"b\\c\nd\x01/\u00e4\U0001f600";
    const files::Safetensors file =
        files::SafetensorsReader{written(odd, {{odd, odd}, {"", ""}}), "file"}.read();
    REQUIRE(file.tensors.size() == 1);
    CHECK(file.tensors[0].name == odd);
    REQUIRE(file.metadata.size() == 2);
    CHECK(file.metadata[0].name == odd);
    CHECK(file.metadata[0].value == odd);
    CHECK(file.metadata[1].name.empty());
}

TEST_CASE("header: names and notes that are not UTF-8 are refused") {
    const char* const message = "a safetensors header needs names and metadata in UTF-8";
    CHECK_THROWS_WITH_AS(written("\xff", {}), message, lamina::format_error);
    CHECK_THROWS_WITH_AS(written("a", {{"\xc3", "b"}}), message, lamina::format_error);
    CHECK_THROWS_WITH_AS(written("a", {{"b", "\xc3"}}), message, lamina::format_error);
}

TEST_CASE("header: digits of numbers and checksums, zeros in front of hexadecimal ones") {
    CHECK(files::spelled([](files::Spelling& out) { out << std::uint64_t{0} << " " << UINT64_MAX; }) ==
          "0 18446744073709551615");
    CHECK(files::spelled([](files::Spelling& out) { out.hexadecimal(0xab12, 16); }) == "000000000000ab12");
    CHECK(files::checksum_text(0x1f) == "0000001f");
    CHECK(files::is_checksum("0000001f", 0x1f));
    CHECK(!files::is_checksum("0000001e", 0x1f));
    CHECK(!files::is_checksum("000001f", 0x1f));
    CHECK(files::checksum_key == "lamina.crc32");
}
