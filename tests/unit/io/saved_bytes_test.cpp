#include <lamina/io/saved_bytes.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/relu.hpp>

#include "laws/allocations.hpp"
#include "stored_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<5, 3>, ln::ReLU, ln::Dense<4>>, ln::Shape<2, 5, 6>>;

template <class M>
void check_header() {
    const FileBytes saved = ln::save(M{ln::seed{1}});
    std::string header = header_of(saved);
    const std::size_t place = ln::files::checksum_place(header);
    REQUIRE(place != header.npos);
    header.replace(place, 8, ln::files::no_checksum);
    CHECK(header == std::string_view{ln::io::saved_header<M>.data(), ln::io::saved_header<M>.size()});
}

} // namespace

TEST_CASE("the header of a saved model is known while compiling") {
    check_header<Tiny>();
    check_header<Model>();
    check_header<ln::Model<Model::topology, ln::Shape<1, 9, 9>, double>>();
}

TEST_CASE("a saved model is loaded from bytes without heap") {
    const Model saved{ln::seed{1}};
    const FileBytes bytes = ln::save(saved);
    Model model{ln::seed{2}}, other{ln::seed{3}};
    const std::size_t before = laws::allocations();
    const bool loaded = ln::load_saved(model, bytes);
    ln::load(other, bytes);
    CHECK(laws::allocations() == before);
    CHECK(loaded);
    CHECK(same_bits(model, saved));
    CHECK(same_bits(other, saved));
}

TEST_CASE("load_saved: other bytes are refused, and the model is left alone") {
    const Model saved{ln::seed{1}};
    Model model{ln::seed{2}};
    const Model before = model;
    const FileBytes whole = ln::save(saved);
    const auto refused = [&](const FileBytes& bytes) {
        return !ln::load_saved(model, bytes) && same_bits(model, before);
    };
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(refused(FileBytes(whole.data(), whole.data() + size)));
    for (std::size_t i = 0; i < whole.size() * 8; ++i) {
        FileBytes damaged = whole;
        damaged[i / 8] ^= std::byte{1} << i % 8;
        CHECK(refused(damaged));
    }
    CHECK(refused(ln::save(Tiny{ln::seed{1}})));
}

TEST_CASE("load_saved: numbers that are not finite are refused, even with the right checksum") {
    FileBytes bytes = ln::save(Tiny{ln::seed{1}});
    constexpr auto nan = std::numeric_limits<float>::quiet_NaN();
    ln::files::write_number(nan, bytes.data() + bytes.size() - 4);
    Tiny model{ln::seed{2}};
    const Tiny before = model;
    CHECK(!ln::load_saved(model, with_checksum(bytes)));
    CHECK(same_bits(model, before));
    CHECK(fault_of(with_checksum(bytes)) ==
          "file: tensor 0.bias: expected finite numbers of type float, found nan at [1]");
}

TEST_CASE("a flipped bit anywhere in a saved file is an error") {
    const FileBytes whole = ln::save(Tiny{ln::seed{1}});
    for (std::size_t i = 0; i < whole.size() * 8; ++i) {
        FileBytes damaged = whole;
        damaged[i / 8] ^= std::byte{1} << i % 8;
        CHECK(fault_of(damaged) != "no fault");
    }
    FileBytes damaged = whole;
    damaged.back() ^= std::byte{1};
    CHECK(fault_of(damaged).find(": the file is damaged, or was changed without taking lamina.crc32 and "
                                 "lamina.fingerprint out of its "
                                 "metadata") != std::string::npos);
}

TEST_CASE("a checksum that is not written as it should be is an error") {
    const std::string header = R"({"__metadata__":{"lamina.crc32": "00000000"},)" + tiny_header.substr(1);
    CHECK(
        fault_of(stored(header, tiny_data)) ==
        "file: expected the checksum lamina.crc32 to be 8 digits without spaces before them, found 00000000");
}

TEST_CASE("bytes in another order, as of a machine that is big-endian, are an error") {
    FileBytes swapped = ln::save(Tiny{ln::seed{1}});
    std::reverse(swapped.begin(), swapped.begin() + 8); // the header's length
    const std::uint64_t length = header_of(ln::save(Tiny{})).size();
    CHECK(fault_of(swapped) == "file: not a safetensors file: expected a header of at most 100000000 bytes, "
                               "found a length of " +
                                   std::to_string(__builtin_bswap64(length)));
}

TEST_CASE("a model goes into a stream and comes out of one") {
    const Model saved{ln::seed{1}};
    std::stringstream stream;
    ln::save(saved, stream);
    Model model;
    ln::load(model, stream);
    CHECK(same_bits(model, saved));
}

TEST_CASE("a stream that ends early or takes nothing is an error") {
    Tiny model{ln::seed{1}};
    std::istringstream empty;
    CHECK_THROWS_WITH_AS(ln::load(model, empty),
                         "stream: expected the 8 bytes of a header's length, found 0 bytes in all",
                         ln::format_error);
    std::ostringstream full;
    full.setstate(std::ios::badbit);
    CHECK_THROWS_WITH_AS(ln::save(model, full), "stream: cannot be written", ln::format_error);
}
