// Headers that lie about sizes: no allocation is larger than the file that asks for it (or a page, if that is
// more). jansson allocates by malloc, which the fuzz tests watch.
#include <lamina/data/idx.hpp>
#include <lamina/io/safetensors.hpp>

#include "laws/allocations.hpp"
#include "stored_file.hpp"
#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

namespace ln = lamina;

namespace {

/// The largest allocation while f runs, which must throw this format_error.
template <class F>
std::size_t largest_of(F f, const std::string& fault) {
    (void)laws::take_largest();
    std::size_t largest = 0;
    try {
        f();
    } catch (const ln::format_error& error) {
        largest = laws::take_largest();
        CHECK(std::string{error.what()}.find(fault) != std::string::npos);
    }
    CHECK(largest > 0); // it was thrown
    return largest;
}

constexpr std::size_t page = 4096;

} // namespace

TEST_CASE("lying sizes: an IDX header that promises 2 GB, plain or gzipped") {
    const Scratch scratch;
    Bytes bytes{0, 0, 8, 3, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 1};
    bytes = bytes + counting(50'000);
    const std::string fault =
        "expected 2147483647 bytes after the header, as its extents 2147483647x1x1 say, found 50000";
    const std::string plain = scratch.put("plain", bytes), packed = scratch.put("packed", gzip(bytes));
    const auto read = [](const std::string& path) {
        (void)ln::data::idx::read(path, ln::data::idx::Content::images);
    };
    CHECK(largest_of([&] { read(plain); }, fault) <= bytes.size() + 1);
    CHECK(largest_of([&] { read(packed); }, fault) <= 2 * bytes.size()); // twice what came out of it so far
}

TEST_CASE("lying sizes: a safetensors header of 99 MB, tensors of 2 GB, from a path and from a stream") {
    const Scratch scratch;
    Tiny model{ln::seed{1}};
    const auto check = [&](const FileBytes& file, const std::string& fault) {
        Bytes bytes;
        for (const std::byte b : file)
            bytes.push_back(static_cast<std::uint8_t>(b));
        const std::string path = scratch.put("file", bytes);
        CHECK(largest_of([&] { ln::load(model, path); }, fault) <= page);
        std::istringstream stream{std::string(bytes.begin(), bytes.end())};
        CHECK(largest_of([&] { ln::load(model, stream); }, fault) <= page);
    };
    check(stored(tiny_header, tiny_data, 99'000'000),
          "expected a header of 99000000 bytes, found that the file ends");
    check(stored(with(with(tiny_header, "[2,3]", "[536870912]"), "[0,24]", "[0,2147483648]"), tiny_data),
          "tensor 0.weight: expected data_offsets [begin,end] within the 32 bytes of data, found "
          "[0,2147483648]");
    check(stored(with(tiny_header, "[2,3]", "[536870912]"), tiny_data),
          "tensor 0.weight: expected 2147483648 bytes for shape [536870912] of F32, found 24 between its "
          "data_offsets");
}
