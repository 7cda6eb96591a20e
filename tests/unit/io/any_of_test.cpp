#include <lamina/io/any_of.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>

#include "laws/allocations.hpp"
#include "stored_file.hpp"
#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using In = ln::Shape<1, 4, 4>;
using Small = ln::Model<ln::Net<ln::Dense<2>>, In>;
using Large = ln::Model<ln::Net<ln::Conv<3, 3>, ln::ReLU, ln::Dense<2>>, In>;
using Bent = ln::Model<ln::Net<ln::Conv<3, 3>, ln::Tanh, ln::Dense<2>>, In>;
using Any = ln::AnyOf<Small, Large, Bent>;

const Small small{ln::seed{1}};
const Large large{ln::seed{2}};
const Bent bent{ln::seed{3}};

Any::Input image() {
    Any::Input x;
    for (int i = 0; i < x.size; ++i)
        x[i] = 0.1F * static_cast<float>(i);
    return x;
}

template <class Model>
void check_chosen(const Model& model, std::size_t index) {
    Any any;
    ln::load(any, ln::save(model));
    CHECK(any.index() == index);
    CHECK(any.fingerprint() == Model::fingerprint);
    const Any::Input x = image();
    const Any::Output y = model.forward(x), found = any.forward(x);
    CHECK((found[0] == y[0] && found[1] == y[1]));
    CHECK(any.forward(std::vector<float>(x.begin(), x.end())) == y);
}

/// The file of a model without its metadata, as PyTorch would write it.
template <class Model>
FileBytes bare(const Model& model) {
    const FileBytes bytes = ln::save(model);
    const std::string header = header_of(bytes);
    const std::size_t begin = header.find("\"0.weight\"");
    return stored("{" + header.substr(begin),
                  FileBytes(bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), bytes.end()));
}

std::string fault_of_any(const FileBytes& bytes) {
    Any any;
    any = large;
    try {
        ln::load(any, bytes, "file");
    } catch (const ln::format_error& error) {
        CHECK(any.visit([](const auto& model) { return ln::save(model); }) == ln::save(large));
        return error.what();
    }
    return "no fault";
}

} // namespace

TEST_CASE("any of: the file's model is chosen, and answers as it does alone") {
    check_chosen(small, 0);
    check_chosen(large, 1);
    check_chosen(bent, 2);
}

TEST_CASE("any of: many samples at once, from a path, without heap once loaded") {
    const Scratch scratch;
    ln::save(large, scratch.path("large"));
    Any any;
    ln::load(any, scratch.path("large"));
    const std::vector<Any::Input> x(5, image());
    std::vector<Any::Output> y(5), expected(5);
    large.forward(x, expected);
    const std::size_t before = laws::allocations();
    any.forward(x, y);
    const Any::Output one = any.forward(x[0]);
    CHECK(laws::allocations() == before);
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(y[i][1] == expected[i][1]);
    CHECK(one[0] == large.forward(x[0])[0]);
}

TEST_CASE("any of: a file without a fingerprint is known by its tensors, if they are those of one model") {
    Any any;
    ln::load(any, bare(small));
    CHECK(any.index() == 0);
    const std::string fault = fault_of_any(bare(bent));
    CHECK(fault.find("file: expected a file of one of these models, found one that fits 2 of them:\n  ") ==
          0);
}

TEST_CASE("any of: a file of none is an error that lists them all") {
    using Other = ln::Model<ln::Net<ln::Dense<2>, ln::ReLU>, In>;
    const auto fingerprint = [](std::uint64_t f) { return ln::io::fingerprint_text(f); };
    CHECK(
        fault_of_any(ln::save(Other{ln::seed{1}})) ==
        "file: expected a file of one of these models, found one that fits none of them:\n"
        "  " +
            fingerprint(Small::fingerprint) +
            " 1x4x4 Dense<2>: layer 1: expected none, found ReLU: only a Softmax or a Sigmoid at the end may "
            "be missing\n"
            "  " +
            fingerprint(Large::fingerprint) +
            " 1x4x4 Conv<3,3,1> ReLU Dense<2>: layer 0: expected Conv<3,3,1>, "
            "found Dense<2>\n"
            "  " +
            fingerprint(Bent::fingerprint) +
            " 1x4x4 Conv<3,3,1> Tanh Dense<2>: layer 0: expected Conv<3,3,1>, "
            "found Dense<2>");
    const std::string fault = fault_of_any(stored(tiny_header, tiny_data));
    CHECK(fault.find(" 1x4x4 Dense<2>: 0.weight: expected [2,16], found [2,3]\n") != fault.npos);
}

TEST_CASE("any of: a file in another framework's order, or content in place of a path, is an error") {
    const std::string header = with(header_of(bare(small)), "{", R"({"__metadata__":{"format":"mlx"},)");
    const FileBytes bytes = bare(small);
    const auto data = bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header_of(bytes).size());
    const std::string fault = fault_of_any(stored(header, FileBytes(data, bytes.end())));
    CHECK(fault.find(" 1x4x4 Dense<2>: format in the metadata: expected pt or none, found mlx: ") !=
          fault.npos);
    Any any;
    const std::string content{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    CHECK_THROWS_WITH_AS(ln::load(any, content), doctest::Contains("std::as_bytes(std::span{text})"),
                         ln::format_error);
}

TEST_CASE("any of: a damaged file, or answers that are not the model's, are errors") {
    FileBytes bytes = ln::save(bent);
    bytes.back() ^= std::byte{1};
    CHECK(fault_of_any(bytes).find("file: expected checksum ") == 0);
    const std::vector<Any::Input> x(1, image());
    FileBytes tested = ln::save(bent, x);
    tested[tested.size() - 1] ^= std::byte{1}; // the sign or exponent of an answer
    CHECK(fault_of_any(with_checksum(tested)).find("file: the model's outputs differ from the stored ones") ==
          0);
}
