#include <lamina/io/safetensors.hpp>
#include <lamina/layers/avg_pool.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>

#include "stored_file.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Card = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using LeNet5 = ln::Net<ln::Conv<6, 5, 1, 2>, ln::Tanh, ln::AvgPool<2, 2>, ln::Conv<16, 5>, ln::Tanh,
                       ln::AvgPool<2, 2>, ln::Dense<120>, ln::Tanh, ln::Dense<84>, ln::Tanh, ln::Dense<10>>;

template <class Model>
void check_round_trip() {
    const auto saved = std::make_unique<Model>(ln::seed{1});
    const auto loaded = std::make_unique<Model>(ln::seed{2});
    ln::load(*loaded, ln::save(*saved));
    CHECK(same_bits(*saved, *loaded));
}

// A layer of a user: it has a weight of any rank, and no bias.
struct Scale {
    static constexpr const char* name = "Scale";
    template <class In>
    using output = In;
    template <class In>
    using weight = In;
    static constexpr float initial_weight = 1;
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] * p.weight[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto p, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i] * p.weight[i];
    }
    static constexpr void parameter_gradient(auto x, auto, auto dy, auto dp) noexcept {
        for (int i = 0; i < x.size; ++i)
            dp.weight[i] += lane_sum(dy[i] * x[i]);
    }
};

} // namespace

TEST_CASE("a model saved and loaded has the same bits") {
    check_round_trip<ln::Model<Card, ln::Shape<1, 28, 28>>>();
    check_round_trip<ln::Model<LeNet5, ln::Shape<1, 28, 28>>>();
    check_round_trip<ln::Model<Card, ln::Shape<3, 9, 12>, double>>();
    check_round_trip<ln::Model<ln::Net<ln::ReLU>, ln::Shape<4>>>(); // nothing to save
}

TEST_CASE("numbers that are easily lost keep their bits: minus zero, subnormal, largest") {
    Tiny saved, loaded;
    saved.bias<0>()[0] = -0.0F;
    saved.bias<0>()[1] = std::numeric_limits<float>::max();
    saved.weight<0>()(1, 2) = -std::numeric_limits<float>::denorm_min();
    ln::load(loaded, ln::save(saved));
    CHECK(same_bits(saved, loaded));
}

TEST_CASE("a saved file is, byte for byte, what the format says") {
    Tiny model;
    for (int i = 0; i < 6; ++i)
        model.weight<0>()[i] = static_cast<float>(i + 1);
    model.bias<0>()[0] = -1;
    model.bias<0>()[1] = -2;
    const std::string header =
        R"({"__metadata__":{"format":"pt","lamina.crc32":"e013d898","lamina.fingerprint":"a37e16b7328858df",)"
        R"("lamina.topology":"3 Dense<2>"},)" +
        tiny_header.substr(1);
    const FileBytes saved = ln::save(model);
    CHECK(header_of(saved).size() % 8 == 0);
    CHECK(saved == stored(header + std::string(header_of(saved).size() - header.size(), ' '), tiny_data));
    CHECK(header_of(saved).size() - header.size() < 8);
}

TEST_CASE("tensors have PyTorch's names, shapes and order of elements") {
    // Two filters of 2x2 on three channels: weight [out,in,kh,kw] in the file, (in,kh,kw,out) in memory.
    ln::Model<ln::Net<ln::ReLU, ln::Conv<2, 2>, ln::Dense<3>>, ln::Shape<3, 2, 2>> model;
    const std::string header = R"({"1.weight":{"dtype":"F32","shape":[2,3,2,2],"data_offsets":[0,96]},)"
                               R"("1.bias":{"dtype":"F32","shape":[2],"data_offsets":[96,104]},)"
                               R"("2.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[104,128]},)"
                               R"("2.bias":{"dtype":"F32","shape":[3],"data_offsets":[128,140]}})";
    FileBytes data;
    for (int i = 0; i < 35; ++i)
        append(data, std::bit_cast<std::uint32_t>(static_cast<float>(i)), 4);
    ln::load(model, stored(header, data));

    for (int o = 0; o < 2; ++o)
        for (int c = 0; c < 3; ++c)
            for (int y = 0; y < 2; ++y)
                for (int x = 0; x < 2; ++x)
                    CHECK(model.weight<1>()(c, y, x, o) == static_cast<float>(((o * 3 + c) * 2 + y) * 2 + x));
    CHECK(model.bias<1>()[1] == 25);
    CHECK(model.weight<2>()(2, 0) == 30); // a dense layer's weight is [out,in] in both
    CHECK(model.bias<2>()[0] == 32);

    const FileBytes saved = ln::save(model);
    CHECK(FileBytes(saved.end() - 140, saved.end()) == data);
    for (const char* tensor : {R"("1.weight":{"dtype":"F32","shape":[2,3,2,2],"data_offsets":[0,96]})",
                               R"("2.bias":{"dtype":"F32","shape":[3],"data_offsets":[128,140]})"})
        CHECK(header_of(saved).find(tensor) != std::string::npos);
}

TEST_CASE("a user's layer is stored as it lies in memory") {
    using Model = ln::Model<ln::Net<Scale, ln::Dense<1>>, ln::Shape<2, 1, 3>>;
    Model model{ln::seed{1}}, loaded;
    for (int i = 0; i < 6; ++i)
        model.weight<0>()[i] = static_cast<float>(i);
    const FileBytes saved = ln::save(model);
    CHECK(header_of(saved).find(R"("2x1x3 Scale Dense<1>")") != std::string::npos);
    CHECK(header_of(saved).find(R"("0.weight":{"dtype":"F32","shape":[2,1,3],"data_offsets":[0,24]})") !=
          std::string::npos);
    CHECK(header_of(saved).find("0.bias") == std::string::npos);
    ln::load(loaded, saved);
    CHECK(same_bits(model, loaded));
}

TEST_CASE("tensors may come in any order, with metadata of others, unpadded") {
    Tiny model;
    const std::string header = R"({"0.bias":{"data_offsets":[24,32],"dtype":"F32","shape":[2]},)"
                               R"("0.weight":{"shape":[2,3],"data_offsets":[0,24],"dtype":"F32"},)"
                               R"("__metadata__":{"format":"pt","":"\u00e9"}})";
    ln::load(model, stored(header, tiny_data));
    CHECK(model.weight<0>()(1, 0) == 4);
    CHECK(model.bias<0>()[1] == -2);
}

TEST_CASE("loading leaves the padding between tensors zero") {
    Tiny model;
    ln::load(model, stored(tiny_header, tiny_data));
    int zeros = 0;
    for (const float p : model.parameters())
        zeros += p == 0;
    CHECK(zeros == Tiny::parameter_extent - 8);
}

TEST_CASE_TEMPLATE("files in half precision, bfloat16, float and double are read", T, float, double) {
    const std::string header = R"({"0.weight":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},)"
                               R"("0.bias":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},)"
                               R"("1.weight":{"dtype":"F64","shape":[1,2],"data_offsets":[16,32]},)"
                               R"("1.bias":{"dtype":"F32","shape":[1],"data_offsets":[32,36]}})";
    FileBytes data = numbers<std::uint16_t>({0x3c00, 0xc000, 0x3555, 0x8001, 0x7bff, 0x8000, // F16
                                             0x4049, 0x8001});                               // BF16
    for (const FileBytes& more : {floats({0.1, -1e-30}), floats({0.1F})})
        data.insert(data.end(), more.begin(), more.end());

    ln::Model<ln::Net<ln::Dense<2>, ln::Dense<1>>, ln::Shape<3>, T> model;
    ln::load(model, stored(header, data));
    const T halves[] = {T(1), T(-2), T(0.333251953125), T(-0x1p-24), T(65504), T(-0.0)};
    for (int i = 0; i < 6; ++i)
        CHECK(model.template weight<0>()[i] == halves[i]);
    CHECK(std::signbit(model.template weight<0>()[5]));
    CHECK(model.template bias<0>()[0] == T(3.140625));
    CHECK(model.template bias<0>()[1] == T(-0x1p-133));
    CHECK(model.template weight<1>()[0] == static_cast<T>(0.1)); // rounded to nearest
    CHECK(model.template weight<1>()[1] == static_cast<T>(-1e-30));
    CHECK(model.template bias<1>()[0] == T(0.1F));
}

TEST_CASE("the weight of a convolution that sees one step or pixel is that of a Dense on each") {
    using OnSteps = ln::Model<ln::Net<ln::Dense<2>>, ln::Sequence<4, ln::Shape<3>>>;
    const FileBytes numbers =
        floats({1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F, 8.0F}); // a row for each output
    const auto file = [&](const char* shape) {
        return stored(
            std::string{R"({"0.weight":{"dtype":"F32","shape":)"} + shape +
                R"(,"data_offsets":[0,24]},"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})",
            numbers);
    };
    for (const char* shape : {"[2,3]", "[2,3,1]", "[2,3,1,1]"}) {
        OnSteps model;
        ln::load(model, file(shape));
        OnSteps::Input x{};
        x(1, 2) = 1;
        x(2, 3) = 1;
        const OnSteps::Output y = model.forward(x);
        CHECK(y(1, 1) == 8);
        CHECK(y(0, 2) == 2 + 7);
        CHECK(y(1, 3) == 6 + 8);
    }
    CHECK(fault_of<OnSteps>(file("[1,2,3]")).find("0.weight: expected [2,3], found [1,2,3]") !=
          std::string::npos);
}

TEST_CASE("all tensors that are missing, unexpected or misshapen are listed at once") {
    using Model = ln::Model<ln::Net<ln::Dense<2>, ln::Dense<1>>, ln::Shape<3>>;
    const std::string header = R"({"0.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},)"
                               R"("1.bias":{"dtype":"F32","shape":[],"data_offsets":[24,28]},)"
                               R"("fc\n.weight":{"dtype":"F32","shape":[1],"data_offsets":[28,32]},)"
                               R"("none":{"dtype":"F16","shape":[0,7],"data_offsets":[32,32]}})";
    CHECK(fault_of<Model>(stored(header, tiny_data)) ==
          "file: expected the tensors of the model, found other ones:\n"
          "  0.weight: expected [2,3], found [3,2]\n"
          "  0.bias: expected [2], found none\n"
          "  1.weight: expected [1,2], found none\n"
          "  1.bias: expected [1], found []\n"
          "  fc?.weight: expected none, found [1]\n"
          "  none: expected none, found [0,7]");
}

TEST_CASE("tensors of numbers that no model has are listed with all else that is wrong") {
    // The state dict of a convolution and a batch normalisation.
    using Model = ln::Model<ln::Net<ln::Conv<1, 1>, ln::Dense<2>>, ln::Shape<1, 2, 2>>;
    const std::string header = R"({"0.weight":{"dtype":"F32","shape":[1,1,1,1],"data_offsets":[8,12]},)"
                               R"("0.bias":{"dtype":"I32","shape":[1],"data_offsets":[12,16]},)"
                               R"("1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                               R"("1.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},)"
                               R"("q":{"dtype":"F4\n","shape":[9,2],"data_offsets":[20,29]}})";
    CHECK(fault_of<Model>(stored(header, FileBytes(29))) ==
          "file: expected the tensors of the model, found other ones:\n"
          "  0.bias: expected [1] of F16, BF16, F32 or F64, found [1] of I32\n"
          "  1.weight: expected [2,4], found none\n"
          "  1.bias: expected [2], found none\n"
          "  1.num_batches_tracked: expected none, found [] of I64: .ignore = {\"1.num_batches_tracked\"}\n"
          "  1.running_mean: expected none, found [1]\n"
          "  q: expected none, found [9,2] of F4?: .ignore = {\"q\"}");
}

TEST_CASE("weights in the order of another framework are an error, since their shapes may fit") {
    const auto of_format = [](const std::string& format) {
        return stored(with(tiny_header, "{\"0", "{\"__metadata__\":{\"format\":\"" + format + "\"},\"0"),
                      tiny_data);
    };
    Tiny model;
    ln::load(model, of_format("pt"));
    CHECK(model.weight<0>()(1, 0) == 4);
    for (const std::string format : {"tf", "flax", "np", "mlx", "PT", ""})
        CHECK(fault_of(of_format(format)) ==
              "file: expected the tensors of the model, found other ones:\n"
              "  format in the metadata: expected pt or none, found " +
                  format +
                  ": bring weights into PyTorch's order, [out,in,kh,kw] and [out,in], and save them with the "
                  "format pt");
}

TEST_CASE("a file of another topology is an error that says which layer differs") {
    const FileBytes card = ln::save(ln::Model<Card, ln::Shape<1, 8, 8>>{ln::seed{1}});
    using Other = ln::Net<ln::Conv<16, 3, 1>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<10>>;
    CHECK(fault_of<ln::Model<Other, ln::Shape<1, 8, 8>>>(card) ==
          "file: layer 1: expected ReLU, found LeakyReLU<>");
    CHECK(fault_of<ln::Model<Card, ln::Shape<1, 8, 9>>>(card) == "file: input: expected 1x8x9, found 1x8x8");
    using Longer = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>, ln::ReLU>;
    CHECK(fault_of<ln::Model<Longer, ln::Shape<1, 8, 8>>>(card) ==
          "file: layer 4: expected ReLU, found none: only a Softmax or a Sigmoid at the end may be new");
    CHECK(fault_of<ln::Model<ln::Net<ln::Conv<16, 3, 1>>, ln::Shape<1, 8, 8>>>(card) ==
          "file: layer 1: expected none, found LeakyReLU<>: only a Softmax or a Sigmoid at the end may be "
          "missing");
}

TEST_CASE("numbers that are not finite in the model's type are refused with their place") {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    CHECK(fault_of(stored(tiny_header, floats({1.0F, 2.0F, 3.0F, 4.0F, 5.0F, -infinity, 7.0F, 8.0F}))) ==
          "file: tensor 0.weight: expected finite numbers of type float, found -inf at [1,2]");
    const std::string wide = R"({"0.weight":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]},)"
                             R"("0.bias":{"dtype":"F16","shape":[2],"data_offsets":[48,52]}})";
    FileBytes data = floats({1.0, 2.0, 3.0, 4.0, 1e300, 6.0});
    append(data, 0x7e003c00, 4);
    CHECK(fault_of(stored(wide, data)) ==
          "file: tensor 0.weight: expected finite numbers of type float, found 1e+300 at [1,1]");
    CHECK(fault_of<ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>, double>>(stored(wide, data)) ==
          "file: tensor 0.bias: expected finite numbers of type double, found nan at [1]");
}

TEST_CASE("a model that has numbers that are not finite is not saved") {
    ln::Model<ln::Net<ln::Conv<2, 2>>, ln::Shape<3, 2, 2>> model;
    model.weight<0>()(2, 1, 0, 1) = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH_AS(
        (void)ln::save(model),
        "model: tensor 0.weight: expected finite numbers of type float, found inf at [1,2,1,0]",
        ln::format_error);
}

TEST_CASE("metadata that are not UTF-8 cannot be written") {
    ln::files::Safetensors file;
    file.metadata = {{"author", "\xff"}};
    CHECK_THROWS_WITH_AS((void)ln::files::to_bytes(file),
                         "a safetensors header needs names and metadata in UTF-8", ln::format_error);
}
