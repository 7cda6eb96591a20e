// Files that call a model's tensors otherwise, or have more of them.
#include <lamina/io/any_of.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>

#include "stored_file.hpp"
#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<4>, ln::ReLU, ln::Dense<2>>, ln::Shape<3>>;
const Model saved{ln::seed{1}};

const ln::Renames nested{{"features.0", "0"}, {"features.3", "2"}, {"classifier", "4"}};

/// The file under these names, with an int64 and a head of no use in it, as PyTorch would write it.
FileBytes with_more(const ln::Renames& names) {
    const FileBytes bytes = ln::save(saved, {.rename = names});
    const std::string header = header_of(bytes);
    FileBytes data(bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), bytes.end());
    const auto at = [&](std::size_t more) { return std::to_string(data.size() + more); };
    const std::string added = ",\"features.1.num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],"
                              "\"data_offsets\":[" +
                              at(0) + "," + at(8) + "]},\"head.weight\":{\"dtype\":\"F32\",\"shape\":[1,1]," +
                              "\"data_offsets\":[" + at(8) + "," + at(12) + "]}}";
    const std::string tensors = header.substr(header.find("},\"") + 2);
    data.resize(data.size() + 12);
    return stored("{" + tensors.substr(0, tensors.rfind('}')) + added, data);
}

/// What loading these bytes with these options says; the model must then be as before.
std::string fault(const FileBytes& bytes, const ln::LoadOptions& options = {}) {
    Model model{ln::seed{2}};
    const Model before = model;
    try {
        ln::load(model, bytes, "file", options);
    } catch (const ln::format_error& error) {
        CHECK(same_bits(model, before));
        return error.what();
    }
    CHECK(same_bits(model, saved));
    return "no fault";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string start = "file: expected the tensors of the model, found other ones:\n  ";

} // namespace

TEST_CASE("a file with other names loads with the names in pairs, and with no others") {
    const FileBytes bytes = ln::save(saved, {.rename = nested});
    CHECK(contains(header_of(bytes), "\"features.3.weight\""));
    CHECK(fault(bytes, {.rename = nested}) == "no fault");
    CHECK(fault(bytes, {.rename = {{"classifier", "4"}, {"features.3", "2"}, {"features.0", "0"}}}) ==
          "no fault");
    // The whole name of a tensor is a pair, too.
    CHECK(fault(bytes, {.rename = {{"features.0.weight", "0.weight"},
                                   {"features.0.bias", "0.bias"},
                                   {"features.3", "2"},
                                   {"classifier", "4"}}}) == "no fault");
    CHECK(contains(fault(bytes), start + "0.weight: expected [4,3], found none\n"));
}

TEST_CASE("names in pairs are whole ones between dots, and the longest that matches counts") {
    using ln::io::name_in_file, ln::io::name_in_model;
    const ln::files::List<ln::Rename> pairs{
        {"features.0", "0"}, {"features", "x"}, {"features.0.1.bias", "7"}};
    CHECK(name_in_model(pairs, "features.0.weight") == "0.weight");
    CHECK(name_in_model(pairs, "features.0") == "0");
    CHECK(name_in_model(pairs, "features.01.weight") == "x.01.weight");
    CHECK(name_in_model(pairs, "features.0.1.bias") == "7");
    CHECK(name_in_model(pairs, "features.0.1.weight") == "0.1.weight");
    CHECK(name_in_model(pairs, "featuresx") == "featuresx");
    CHECK(name_in_model(pairs, "my.features.0") == "my.features.0");
    CHECK(name_in_file(pairs, "0.weight") == "features.0.weight");
    CHECK(name_in_file(pairs, "01.weight") == "01.weight");
}

TEST_CASE("an empty name takes a prefix away from all tensors, or puts one before them") {
    const FileBytes bytes = ln::save(saved, {.rename = {"module", ""}}); // a single pair needs no more braces
    CHECK(contains(header_of(bytes), "\"module.2.bias\""));
    CHECK(fault(bytes, {.rename = {"module", ""}}) == "no fault");
    CHECK(fault(bytes, {.rename = {{"module", ""}}}) == "no fault");

    // The state dict of a lone nn.Linear: weight and bias.
    Tiny tiny{ln::seed{1}}, loaded;
    const FileBytes lone = ln::save(tiny, {.rename = {"", "0"}});
    CHECK(contains(header_of(lone), "\"weight\""));
    ln::load(loaded, lone, "file", {.rename = {"", "0"}});
    CHECK(same_bits(loaded, tiny));
}

TEST_CASE("pairs that match no tensor, or two for one name, are errors") {
    const FileBytes bytes = ln::save(saved, {.rename = nested});
    CHECK(fault(bytes, {.rename = {{"features.0", "0"},
                                   {"features.3", "2"},
                                   {"classifier", "4"},
                                   {"features.30", "6"}}}) ==
          start + ".rename {\"features.30\", \"6\"}: expected features.30 or features.30.* in the file, "
                  "found none");
    CHECK(fault(bytes, {.rename = {{"features.0", "0"},
                                   {"features.3", "2"},
                                   {"classifier", "4"},
                                   {"classifier", "3"}}}) ==
          start + ".rename: expected one pair for \"classifier\", found {\"classifier\", \"4\"} and "
                  "{\"classifier\", \"3\"}");
    CHECK(
        contains(fault(ln::save(saved), {.rename = {"module", ""}}),
                 start + ".rename {\"module\", \"\"}: expected module or module.* in the file, found none"));
}

TEST_CASE("two tensors of one name are an error that names both") {
    const std::string message =
        fault(ln::save(saved, {.rename = nested}), {.rename = {{"features.0", "0"}, {"features.3", "0"}}});
    CHECK(contains(message, "\n  0.weight: expected [4,3], found [4,3] in features.0.weight and [4,4] in "
                            "features.3.weight\n"));
    CHECK(contains(message, "\n  2.weight: expected [4,4], found none\n"));
}

TEST_CASE("two tensors of one name are an error even if both fit") {
    const std::string header = R"({"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                               R"("b.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]},)"
                               R"("b.bias":{"dtype":"F32","shape":[2],"data_offsets":[48,56]}})";
    FileBytes data = tiny_data;
    data.insert(data.end(), tiny_data.begin(), tiny_data.begin() + 24);
    Tiny tiny;
    CHECK_THROWS_WITH_AS(
        ln::load(tiny, stored(header, data), "file", {.rename = {{"a", "0"}, {"b", "0"}}}),
        (start + "0.weight: expected [2,3], found [2,3] in a.weight and [2,3] in b.weight").c_str(),
        ln::format_error);
    ln::load(tiny, stored(header, data), "file", {.rename = {"b", "0"}, .ignore = "a.*"});
    CHECK(tiny.weight<0>()(0, 0) == -1);
}

TEST_CASE("what is renamed and still does not fit is listed by both names") {
    const std::string message =
        fault(ln::save(saved, {.rename = nested}),
              {.rename = {{"features.0", "9"}, {"features.3", "0"}, {"classifier", "4"}}});
    CHECK(contains(message, "\n  0.weight: expected [4,3], found [4,4] in features.3.weight\n"));
    CHECK(contains(message, "\n  features.0.weight as 9.weight: expected none, found [4,3]"));
}

TEST_CASE("tensors are ignored by patterns of their names in the file, and others are still listed, int64 too") {
    const FileBytes bytes = with_more(nested);
    CHECK(fault(bytes, {.rename = nested, .ignore = {"*.num_batches_tracked", "head.*"}}) == "no fault");
    CHECK(fault(bytes, {.rename = nested, .ignore = {"*.num_batches_tracked", "h*d.weight", "absent.*"}}) ==
          "no fault");
    // A name stands for what is below it up to a dot, as in .rename and .keep.
    CHECK(fault(bytes, {.rename = nested, .ignore = {"features.1", "head"}}) == "no fault");
    CHECK(contains(fault(bytes, {.rename = nested, .ignore = {"features.1", "hea", "head.w"}}),
                   "head.weight: expected none, found [1,1]"));
    CHECK(fault(bytes, {.rename = nested, .ignore = "head.*"}) ==
          start + "features.1.num_batches_tracked: expected none, found [] of I64: "
                  ".ignore = {\"features.1.num_batches_tracked\"}");
    CHECK(fault(bytes, {.rename = nested}) ==
          start + "features.1.num_batches_tracked: expected none, found [] of I64: "
                  ".ignore = {\"features.1.num_batches_tracked\"}\n"
                  "  head.weight: expected none, found [1,1]");
    CHECK(contains(fault(bytes, {.rename = nested, .ignore = {"*"}}),
                   start + "0.weight: expected [4,3], found one that .ignore leaves out\n"));
    CHECK(contains(fault(ln::save(saved), {.ignore = {"*.bias"}}),
                   start + "0.bias: expected [4], found one that .ignore leaves out\n"));
}

TEST_CASE("the count of batches beside running statistics is no tensor too many, whatever it is called") {
    using Normalised = ln::Model<ln::Net<ln::Dense<2>, ln::BatchNorm<>>, ln::Shape<1>>;
    const FileBytes bytes = ln::save(Normalised{}, {.rename = {"bn", "1"}});
    const std::string header = header_of(bytes);
    const auto fault = [&](const std::string& name, const std::string& dtype, const std::string& shape,
                           const ln::Renames& rename = {"bn", "1"}) -> std::string {
        FileBytes data(bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), bytes.end());
        const std::string at = std::to_string(data.size()), tensors = header.substr(header.find("},\"") + 2);
        data.resize(data.size() + 8);
        const std::string more = ",\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
                                 ",\"data_offsets\":[" + at + "," + std::to_string(data.size()) + "]}}";
        Normalised model;
        try {
            ln::load(model, stored("{" + tensors.substr(0, tensors.rfind('}')) + more, data), "file",
                     {.rename = rename});
        } catch (const ln::format_error& error) {
            return error.what();
        }
        return "no fault";
    };
    CHECK(fault("bn.num_batches_tracked", "I64", "[]") == "no fault");
    CHECK(fault("1.num_batches_tracked", "I64", "[]") == "no fault");
    // Not of another type or shape, of a layer without statistics, or of another name.
    CHECK(fault("bn.num_batches_tracked", "F32", "[2]") ==
          start + "bn.num_batches_tracked as 1.num_batches_tracked: expected none, found [2]");
    CHECK(contains(fault("bn.num_batches_tracked", "I64", "[1]"), "expected none, found [1] of I64"));
    CHECK(contains(fault("0.num_batches_tracked", "I64", "[]"), "expected none, found [] of I64"));
    CHECK(contains(fault("bn.batches_tracked", "I64", "[]"), "expected none, found [] of I64"));
    // The renames that fit are proposed.
    CHECK(contains(fault("bn.num_batches_tracked", "I64", "[]", {}),
                   "\n  all of it fits with .rename = {{\"bn\", \"1\"}}"));
}

TEST_CASE(
    "a star in a pattern stands for any characters, none and dots too, and other characters for themselves") {
    using ln::io::is_of_pattern;
    for (const char* pattern : {"a.b.c", "*", "a*", "*c", "a.*.c", "a.*c", "**", "*b*", "a.b.c*", "*.*.*"})
        CHECK_MESSAGE(is_of_pattern("a.b.c", pattern), pattern);
    for (const char* pattern : {"", "a", "a.b", "*b", "b*", "a.?.c", "A*", "a.b.cc", "*d*", "*.*.*.*"})
        CHECK_MESSAGE(!is_of_pattern("a.b.c", pattern), pattern);
    CHECK(is_of_pattern("", ""));
    CHECK(is_of_pattern("", "*"));
    CHECK(is_of_pattern("aaaaab", "*a*ab"));
}

TEST_CASE("a model is not saved under names that would not load again, and the file stays") {
    const auto check = [](const ln::Renames& names, const std::string& expected) {
        CHECK_THROWS_WITH_AS((void)ln::save(saved, {.rename = names}),
                             ("model: .rename does not fit the model:\n  " + expected).c_str(),
                             ln::format_error);
    };
    check({{"features.0", "0"}, {"features.1", "1"}},
          "{\"features.1\", \"1\"}: expected a tensor of the model, 1 or 1.*, found none");
    check({{"a", "0"}, {"b", "0"}},
          ".rename: expected one pair for \"0\", found {\"a\", \"0\"} and {\"b\", \"0\"}");
    check({{"2", "0"}}, "2.weight would be 2.weight in the file, and 0.weight when it is loaded\n"
                        "  2.bias would be 2.bias in the file, and 0.bias when it is loaded");
    const std::string other = " in the file: expected a name other than __metadata__ and lamina.*";
    check({"__metadata__", "0.weight"}, "0.weight would be __metadata__" + other);
    check({"lamina.test.input", "0.weight"}, "0.weight would be lamina.test.input" + other);
    const Scratch scratch;
    const std::string path = scratch.path("old");
    ln::save(saved, path);
    CHECK_THROWS_AS(ln::save(saved, path, {.rename = {"a", "9"}}), ln::format_error);
    Model model;
    ln::load(model, path);
    CHECK(same_bits(model, saved));
}

TEST_CASE("what is kept stays as it is, whatever the file has: a head with another number of classes") {
    using Few =
        ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<4>, ln::ReLU, ln::Dense<5>>, ln::Shape<3>>;
    const Few before{ln::seed{3}};
    const auto check = [&](const FileBytes& bytes, const ln::LoadOptions& options) {
        Few model = before;
        ln::load(model, bytes, "file", options);
        CHECK(model.weight<4>()(4, 3) == before.weight<4>()(4, 3));
        CHECK(model.bias<4>()[4] == before.bias<4>()[4]);
        CHECK(model.weight<2>()(3, 3) == saved.weight<2>()(3, 3));
        CHECK(model.weight<0>()(3, 2) == saved.weight<0>()(3, 2));
    };
    const std::vector<Model::Input> tests(2); // of a network that this is not
    check(ln::save(saved, tests), {.keep = {"4"}});
    check(ln::save(saved, tests), {.keep = {"4.*"}});
    check(ln::save(saved), {.keep = {"4.weight", "4.bias"}});
    const ln::LoadOptions options{
        .rename = nested, .ignore = {"head.*", "*.num_batches_tracked"}, .keep = {"4"}};
    check(with_more(nested), options);
    check(with_more(nested), {.rename = {{"features.0", "0"}, {"features.3", "2"}},
                              .ignore = {"head.*", "classifier.*", "*.num_batches_tracked"},
                              .keep = {"4"}});
    // All is loaded but one tensor, of the very same model too.
    Model model{ln::seed{2}}, other{ln::seed{2}};
    ln::load(model, ln::save(saved), {.keep = {"0.weight"}});
    CHECK(model.weight<0>()(3, 2) == other.weight<0>()(3, 2));
    CHECK(model.weight<4>()(1, 3) == saved.weight<4>()(1, 3));

    ln::AnyOf<Few> any;
    any = before;
    ln::load(any, with_more(nested), options);
    CHECK(any.visit([](const auto& m) { return m.template weight<4>()(4, 3); }) == before.weight<4>()(4, 3));
}

TEST_CASE("a name to keep that the model lacks, and layers before those that are kept, are errors") {
    CHECK(fault(ln::save(saved), {.keep = {"4", "7"}}) ==
          start + ".keep: expected a layer or one of 0.weight, 0.bias, 2.weight, 2.bias, 4.weight, 4.bias, "
                  "found \"7\"");
    CHECK(fault(ln::save(saved), {.keep = "classifier"}) ==
          start + ".keep: expected a layer or one of 0.weight, 0.bias, 2.weight, 2.bias, 4.weight, 4.bias, "
                  "found \"classifier\"");
    // The file's head is not called as the model's.
    CHECK(contains(fault(ln::save(saved, {.rename = nested}),
                         {.rename = {{"features.0", "0"}, {"features.3", "2"}}, .keep = {"4"}}),
                   start + "classifier.bias: expected none, found [2]\n"));
    using Tanh =
        ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::Dense<4>, ln::ReLU, ln::Dense<5>>, ln::Shape<3>>;
    Tanh other;
    CHECK_THROWS_WITH_AS(ln::load(other, ln::save(saved), "file", {.keep = "4"}),
                         "file: layer 1: expected Tanh, found ReLU", ln::format_error);
    Tanh first;
    CHECK_THROWS_WITH_AS(ln::load(first, ln::save(saved), "file", {.keep = "0"}),
                         "file: layer 1: expected Tanh, found ReLU", ln::format_error);
}

TEST_CASE("names go with test vectors, paths, streams and one of several models") {
    const Scratch scratch;
    const std::vector<Model::Input> tests(2);
    const ln::SaveOptions names{.rename = nested};
    Model model;
    ln::save(saved, scratch.path("nested"), tests, names);
    ln::load(model, scratch.path("nested"), {.rename = nested, .tolerance = 0});
    CHECK(same_bits(model, saved));

    std::stringstream stream;
    ln::save(saved, stream, names);
    Model streamed;
    ln::load(streamed, stream, {.rename = nested});
    CHECK(same_bits(streamed, saved));

    Model of_bytes;
    ln::load(of_bytes, ln::save(saved, names), {.rename = nested});
    CHECK(same_bits(of_bytes, saved));

    using Other = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;
    ln::AnyOf<Other, Model> any;
    ln::load(any, with_more(nested), {.rename = nested, .ignore = {"head.*", "*.num_batches_tracked"}});
    CHECK(any.index() == 1);
    CHECK(any.visit([](const auto& m) { return ln::save(m); }) == ln::save(saved));
    CHECK_THROWS_WITH_AS(
        ln::load(any, with_more(nested), "file", {.ignore = {"head.*", "*.num_batches_tracked"}}),
        doctest::Contains(
            "; all of it fits with .rename = {{\"features.0\", \"0\"}, {\"features.3\", \"2\"}, "
            "{\"classifier\", \"4\"}}"),
        ln::format_error);
}
