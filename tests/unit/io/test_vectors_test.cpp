#include <lamina/io/safetensors.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/math/random.hpp>

#include "stored_file.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<5, 3>, ln::ReLU, ln::Dense<4>>, ln::Shape<2, 5, 6>>;

std::vector<Model::Input> inputs(int count) {
    ln::Random random{ln::seed{5}};
    std::vector<Model::Input> all(static_cast<std::size_t>(count));
    for (Model::Input& x : all)
        for (float& e : x)
            e = static_cast<float>(random.symmetric());
    return all;
}

// The Dense<2> on three numbers of `tiny_header`, with one input and the answer given.
FileBytes tiny_with(const std::string& output, const FileBytes& answer, const std::string& input = "[1,3]") {
    const std::string header =
        tiny_header.substr(0, tiny_header.size() - 1) + R"(,"lamina.test.input":{"dtype":"F32","shape":)" +
        input + R"(,"data_offsets":[32,44]},"lamina.test.output":{"dtype":"F32","shape":)" + output +
        R"(,"data_offsets":[44,)" + std::to_string(44 + answer.size()) + "]}}";
    FileBytes data = tiny_data;
    for (const FileBytes& more : {floats({1.0F, 1.0F, 1.0F}), answer})
        data.insert(data.end(), more.begin(), more.end());
    return stored(header, data);
}

} // namespace

TEST_CASE("a model saved with inputs carries its answers, and is loaded when it gives them") {
    const Model saved{ln::seed{1}};
    const auto tests = inputs(3);
    const FileBytes bytes = ln::save(saved, tests);
    CHECK(header_of(bytes).find(R"("lamina.test.input":{"dtype":"F32","shape":[3,2,5,6])") !=
          std::string::npos);
    CHECK(header_of(bytes).find(R"("lamina.test.output":{"dtype":"F32","shape":[3,4])") != std::string::npos);
    Model model;
    ln::load(model, bytes, "file", {.tolerance = 0});
    CHECK(same_bits(model, saved));
}

TEST_CASE("answers by hand: 1+2+3-1 and 4+5+6-2") {
    Tiny model;
    ln::load(model, tiny_with("[1,2]", floats({5.0F, 13.0F})), "file", {.tolerance = 0});
    CHECK(model.bias<0>()[1] == -2);
}

TEST_CASE("a model whose outputs differ from the stored ones is not loaded") {
    const std::string fault = "file: the model's outputs differ from the stored ones: ";
    CHECK(fault_of(tiny_with("[1,2]", floats({5.0F, 14.0F}))) ==
          fault + "test vector 0, output 1: expected 14 within 0.0014, found 13");
    CHECK(fault_of(tiny_with("[1,2]", floats({std::numeric_limits<float>::quiet_NaN(), 13.0F}))) ==
          "file: test vector 0, output 0: expected a finite number, found none");
    CHECK(fault_of(tiny_with("[1,2]", floats({5.0F, std::numeric_limits<float>::infinity()}))) ==
          "file: test vector 0, output 1: expected a finite number, found none");
    Tiny model;
    ln::load(model, tiny_with("[1,2]", floats({5.0F, 14.0F})), "file", {.tolerance = 0.1});
    ln::load(model, tiny_with("[1,2]", floats({5.0F, 14.0F})), "file", {.verify = false});
    CHECK(model.bias<0>()[1] == -2);
}

TEST_CASE(
    "outputs that differ come with what may be the cause: rounded weights, equal layers in another order") {
    using Twins = ln::Model<ln::Net<ln::Dense<1>, ln::Dense<1>>, ln::Shape<1>>;
    const auto fault = [](const std::string& dtype, const std::string& metadata, const FileBytes& weights) {
        const std::size_t two = weights.size(), one = two / 2;
        const auto entry = [](const char* name, const std::string& type, const char* shape, std::size_t begin,
                              std::size_t end) {
            return std::string{"\""} + name + R"(":{"dtype":")" + type + R"(","shape":)" + shape +
                   R"(,"data_offsets":[)" + std::to_string(begin) + "," + std::to_string(end) + "]}";
        };
        FileBytes data = weights;
        for (const FileBytes& more : {floats({0.0F, 0.0F}), floats({1.0F}), floats({7.0F})})
            data.insert(data.end(), more.begin(), more.end());
        const std::string header = "{" + metadata + entry("0.weight", dtype, "[1,1]", 0, one) + "," +
                                   entry("1.weight", dtype, "[1,1]", one, two) + "," +
                                   entry("0.bias", "F32", "[1]", two, two + 4) + "," +
                                   entry("1.bias", "F32", "[1]", two + 4, two + 8) + "," +
                                   entry("lamina.test.input", "F32", "[1,1]", two + 8, two + 12) + "," +
                                   entry("lamina.test.output", "F32", "[1,1]", two + 12, two + 16) + "}";
        Twins model;
        try {
            ln::load(model, stored(header, data), "file");
        } catch (const ln::format_error& error) {
            return std::string{error.what()};
        }
        return std::string{"no fault"};
    };
    const std::string differ =
                          "file: the model's outputs differ from the stored ones: test vector 0, output 0: "
                          "expected 7 within 0.0007, found 6",
                      order = "\n  layers of the same shape may be in another order: see .rename";
    CHECK(fault("F32", "", floats({2.0F, 3.0F})) == differ + order);
    CHECK(fault("BF16", "", numbers<std::uint16_t>({0x4000, 0x4040})) ==
          differ +
              "\n  the file has numbers in F16 or BF16: outputs that were computed before rounding need a "
              "larger "
              ".tolerance" +
              order);
    CHECK(fault("F32", R"("__metadata__":{"lamina.topology":"1 Dense<1> Dense<1>"},)",
                floats({2.0F, 3.0F})) == differ);
}

TEST_CASE("test vectors whose answers are not finite are not saved") {
    Tiny model;
    model.bias<0>()[1] = 3e38F;
    model.weight<0>()(1, 0) = 3e38F;
    Tiny::Input x{};
    x[0] = 1;
    try {
        (void)ln::save(model, std::span<const Tiny::Input>{&x, 1});
        FAIL("nothing was thrown");
    } catch (const ln::format_error& error) {
        CHECK(std::string{error.what()}.find("test vector 0: expected finite answers") != std::string::npos);
    }
}

TEST_CASE("test vectors of another network, or half of them, are an error") {
    CHECK(fault_of(tiny_with("[2,1]", floats({5.0F, 13.0F}))) ==
          "file: tensor lamina.test.output: expected [n,2] with n from 1 on, found [2,1]");
    CHECK(fault_of(tiny_with("[1,2]", floats({5.0F, 13.0F}), "[3]")) ==
          "file: tensor lamina.test.input: expected [n,3] with n from 1 on, found [3]");
    const FileBytes sound = tiny_with("[1,2]", floats({5.0F, 13.0F}));
    CHECK(fault_of(stored(with(header_of(sound), R"(output":{"dtype":"F32")", R"(output":{"dtype":"I32")"),
                          FileBytes(sound.end() - 52, sound.end()))) ==
          "file: tensor lamina.test.output: expected [n,2] with n from 1 on, of F16, BF16, F32 or F64, found "
          "[1,2] of I32");
    CHECK(fault_of(tiny_with("[2,2]", floats({5.0F, 13.0F, 5.0F, 13.0F}))) ==
          "file: expected as many test outputs as inputs, 1, found 2");
    CHECK(
        fault_of(stored(with(header_of(tiny_with("[1,2]", floats({5.0F, 13.0F}))), ".test.output", ".test.o"),
                        tiny_data)) != "no fault");
    FileBytes bytes = tiny_with("[1,2]", floats({5.0F, 13.0F}));
    CHECK(fault_of(stored(with(header_of(bytes), "lamina.test.output", "other"),
                          FileBytes(bytes.end() - 52, bytes.end()))) ==
          "file: expected test inputs and outputs or neither, found only inputs");
}
