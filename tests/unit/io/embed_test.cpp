#include <lamina/core.hpp>
#include <lamina/io/embed.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<2, 2>, ln::ReLU, ln::Dense<3>>, ln::Shape<1, 3, 4>>;

// As a header would hold it, with numbers that tell their places.
inline constexpr auto counted = [] {
    ln::Embedded<float, Model::parameter_extent, 3> data{
        {1, 3, 4}, {"Conv<2,2,1>", "ReLU<>", "Dense<3>"}, {}};
    for (int i = 0; i < Model::parameter_extent; ++i)
        data.parameters[i] = static_cast<float>(i);
    data.layers[1] = Model::layers[1].name;
    return data;
}();

constexpr Model embedded = ln::with_embedded<Model, counted>();
static_assert(embedded.weight<0>()(0, 1, 1, 1) == 7 && embedded.bias<2>()[0] == Model::parameter_extent - 16);

using OnSequence = ln::Model<ln::Net<ln::Dense<1>>, ln::Sequence<3, ln::Shape<2>>>;
inline constexpr ln::Embedded<float, OnSequence::parameter_extent, 1> of_sequence{
    ln::dims::sequence(3, 2), {"Dense<1>"}, {0.5F, 2}};
constexpr OnSequence on_sequence = ln::with_embedded<OnSequence, of_sequence>();
static_assert(on_sequence.weight<0>()(0, 1) == 2);
using OnLonger = ln::Model<ln::Net<ln::Dense<1>>, ln::Sequence<50, ln::Shape<2>>>;
static_assert(ln::with_embedded<OnLonger, of_sequence>().weight<0>()(0, 1) == 2);

using OnImages = ln::Model<ln::Net<ln::Dense<1>>, ln::Sequence<3, ln::Shape<2, 1, 1>>>;
inline constexpr ln::Embedded<float, OnImages::parameter_extent, 1> of_images{
    ln::dims::sequence(7, ln::dims{2, 1, 1}), {"Dense<1>"}, {0.5F, 2}};
constexpr OnImages on_images = ln::with_embedded<OnImages, of_images>();

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("embed writes the shape of the input, the layers' names and every parameter, exactly") {
    Model model;
    model.weight<0>()(0, 0, 0, 1) = 0.1F;
    const std::string text = ln::embed(model, "small");
    CHECK(contains(text, "inline constexpr lamina::Embedded<float, " +
                             std::to_string(Model::parameter_extent) + ", 3> small{"));
    CHECK(contains(text, "small{\n    {1, 3, 4},\n    {"));
    CHECK(contains(text, "\"Conv<2,2,1>\", \"" + std::string{Model::layers[1].name} + "\", \"Dense<3>\""));
    CHECK(contains(text, "\n    0x0p+0F, 0x1.99999ap-4F, 0x0p+0F,"));
    std::size_t literals = 0;
    for (const char c : text)
        literals += c == 'F' ? 1U : 0U;
    CHECK(literals == model.parameters().size());
    CHECK(contains(ln::embed(on_images, "of_images"),
                   "{\n    lamina::dims::sequence(3, lamina::dims{2, 1, 1}),\n    {\"Dense<1>\"},"));
    CHECK(contains(ln::embed(on_sequence, "along_time"),
                   "{\n    lamina::dims::sequence(3, 2),\n    {\"Dense<1>\"},"));
}

TEST_CASE("embed refuses names that C++ reserves, and no others") {
    Model model;
    const auto check = [&](const std::string& name, const std::string& why) {
        const std::string fault = "embed: expected an identifier as name, found \"" + name + "\"" + why;
        CHECK_THROWS_WITH_AS((void)ln::embed(model, name), fault.c_str(), std::invalid_argument);
    };
    for (const char* word : {"int", "class", "co_await", "alignas", "xor_eq", "reinterpret_cast", "unix",
                             "main", "std", "lamina"})
        check(word, ", which C++, the compiler or lamina reserves");
    for (const char* name : {"_x", "_X", "__x", "a__b", "a__"})
        check(name, ": names with _ at the start or __ anywhere are reserved");
    for (const char* name :
         {"ints", "in", "clas", "Class", "co", "a_", "a_b_c", "module", "final", "t", "xor2"})
        CHECK(contains(ln::embed(model, name), "> " + std::string{name} + "{"));
}

TEST_CASE("embed refuses names that are no identifiers and numbers that are not finite") {
    Model model;
    CHECK_THROWS_WITH_AS((void)ln::embed(model, "2nd"),
                         "embed: expected an identifier as name, found \"2nd\"", std::invalid_argument);
    CHECK_THROWS_AS((void)ln::embed(model, ""), std::invalid_argument);
    CHECK_THROWS_AS((void)ln::embed(model, "a;b"), std::invalid_argument);
    CHECK_THROWS_AS((void)ln::embed(model, "a-b"), std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)ln::embed(model, std::string_view{"a\0b", 3}),
                         "embed: expected an identifier as name, found \"a?b\"", std::invalid_argument);
    model.parameters()[3] = std::numeric_limits<float>::infinity();
    CHECK_THROWS_WITH_AS((void)ln::embed(model, "small"), "embed: parameter 3 is not finite", ln::data_error);
}
