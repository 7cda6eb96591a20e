// Files that PyTorch wrote, with its answers in them: see tests/oracle/weights.cpp.
#include <lamina/io/safetensors.hpp>

#include "oracle/branch_networks.hpp"
#include "oracle/weight_networks.hpp"
#include "stored_file.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ln = lamina;

namespace {

/// The tensors of a file, by name, as bytes. The reader's own checks apart, this knows nothing of a model.
std::map<std::string, std::pair<std::vector<std::uint64_t>, FileBytes>> tensors(const FileBytes& bytes) {
    std::map<std::string, std::pair<std::vector<std::uint64_t>, FileBytes>> all;
    const ln::files::Safetensors file = ln::files::SafetensorsReader{bytes, "file"}.read();
    for (const ln::files::StoredTensor& tensor : file.tensors) {
        const auto data = file.bytes(tensor);
        all[tensor.name] = {tensor.shape, FileBytes(data.begin(), data.end())};
    }
    return all;
}

FileBytes file_bytes(const std::string& path) {
    ln::files::InputFile file{path};
    const auto bytes = ln::files::read_bytes(file, PTRDIFF_MAX);
    const auto all = std::as_bytes(std::span{bytes});
    return {all.begin(), all.end()};
}

template <class Model>
void check(const std::string& name) {
    CAPTURE(name);
    const std::string path = LAMINA_TEST_DATA "/torch_" + name + ".safetensors";
    Model model, broken;
    ln::load(model, path, {.tolerance = 1e-5}); // gives PyTorch's answers to PyTorch's inputs

    // The other way round: the same tensors as PyTorch's, byte for byte, so PyTorch reads them as its own.
    auto expected = tensors(file_bytes(path));
    CHECK(expected.erase("lamina.test.input") + expected.erase("lamina.test.output") == 2);
    CHECK(tensors(ln::save(model)) == expected);

    // The answers depend on the weights: one that is off is noticed.
    FileBytes bytes = file_bytes(path);
    const std::size_t data = 8 + header_of(bytes).size();
    ln::files::write_number(2.0F, bytes.data() + data);
    CHECK_THROWS_AS(ln::load(broken, bytes, "file", {.tolerance = 1e-5}), ln::format_error);
}

} // namespace

TEST_CASE("PyTorch's weights give PyTorch's answers, and are saved as PyTorch saved them") {
    check<oracle::SmallCard>("card");
    check<oracle::SmallLeNet5>("lenet5");
    check<oracle::SmallVGG>("vgg");
    check<oracle::SmallActivations>("activations");
    check<oracle::SmallConvolutions>("convolutions");
    check<oracle::SmallSequence>("sequence");
}

TEST_CASE("a state dict with nested names, an int64 and a head of no use loads in one call, and is saved as "
          "it was") {
    const std::string path = LAMINA_TEST_DATA "/torch_nested.safetensors";
    const ln::Renames names{{"features", ""}, {"classifier.0", "6"}, {"classifier.2", "8"}};
    oracle::SmallNested model;
    ln::load(model, path, {.rename = names, .ignore = {"head.*", "steps"}, .tolerance = 1e-5});

    auto expected = tensors(file_bytes(path));
    for (const char* other : {"lamina.test.input", "lamina.test.output", "head.weight", "head.bias", "steps"})
        CHECK(expected.erase(other) == 1);
    CHECK(tensors(ln::save(model, {.rename = names})) == expected);

    // With a Softmax behind it, the scores in the file are still its answers.
    using Net = ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<6, 3>, ln::ReLU, ln::Flatten,
                        ln::Dense<12>, ln::ReLU, ln::Dense<10>, ln::Softmax>;
    ln::Model<Net, ln::Shape<1, 12, 12>> probabilities;
    ln::load(probabilities, path, {.rename = names, .ignore = {"head.*", "steps"}, .tolerance = 1e-5});
    CHECK(tensors(ln::save(probabilities, {.rename = names})) == expected);
}

TEST_CASE("modules in modules, with running statistics, load under their names and are saved under them") {
    const std::string path = LAMINA_TEST_DATA "/torch_resnet.safetensors";
    oracle::BranchModel<oracle::ResNet> model;
    ln::load(model, path, {.tolerance = 1e-5}); // with PyTorch's counts of batches in it

    auto expected = tensors(file_bytes(path));
    CHECK(expected.contains("3.1.0.weight"));
    CHECK(expected.contains("5.0.1.running_mean"));
    CHECK(expected.erase("lamina.test.input") + expected.erase("lamina.test.output") == 2);
    CHECK(std::erase_if(expected, [](const auto& tensor) {
              return tensor.first.ends_with(".num_batches_tracked");
          }) == 6);
    CHECK(tensors(ln::save(model)) == expected);
}

TEST_CASE("what a state dict with nested names lacks is listed, and the names that fit are proposed") {
    const FileBytes bytes = file_bytes(LAMINA_TEST_DATA "/torch_nested.safetensors");
    CHECK(fault_of<oracle::SmallNested>(bytes) ==
          "file: expected the tensors of the model, found other ones:\n"
          "  0.weight: expected [4,1,3,3], found none\n"
          "  0.bias: expected [4], found none\n"
          "  3.weight: expected [6,4,3,3], found none\n"
          "  3.bias: expected [6], found none\n"
          "  6.weight: expected [12,54], found none\n"
          "  6.bias: expected [12], found none\n"
          "  8.weight: expected [10,12], found none\n"
          "  8.bias: expected [10], found none\n"
          "  classifier.0.bias: expected none, found [12]\n"
          "  classifier.0.weight: expected none, found [12,54]\n"
          "  classifier.2.bias: expected none, found [10]\n"
          "  classifier.2.weight: expected none, found [10,12]\n"
          "  features.0.bias: expected none, found [4]\n"
          "  features.0.weight: expected none, found [4,1,3,3]\n"
          "  features.3.bias: expected none, found [6]\n"
          "  features.3.weight: expected none, found [6,4,3,3]\n"
          "  head.bias: expected none, found [10]\n"
          "  head.weight: expected none, found [10,54]\n"
          "  steps: expected none, found [] of I64: .ignore = {\"steps\"}\n"
          "  more of it fits with .rename = {{\"features\", \"\"}, {\"classifier.0\", \"6\"}, "
          "{\"classifier.2\", \"8\"}}");
}

template <int Width>
using Nested = ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<6, 3>, ln::ReLU,
                                 ln::Flatten, ln::Dense<Width>, ln::ReLU, ln::Dense<3>>,
                         ln::Shape<1, 12, 12>>;

TEST_CASE("a last layer of another size ends the list with how to keep the model's") {
    const std::string path = LAMINA_TEST_DATA "/torch_nested.safetensors";
    const ln::Renames names{{"features", ""}, {"classifier.0", "6"}, {"classifier.2", "8"}};
    Nested<12> few;
    CHECK_THROWS_WITH_AS(
        ln::load(few, path, {.rename = names, .ignore = {"head", "steps"}}),
        (path +
         ": expected the tensors of the model, found other ones:\n"
         "  8.weight: expected [3,12], found [10,12] in classifier.2.weight\n"
         "  8.bias: expected [3], found [10] in classifier.2.bias\n"
         "  8.weight has another number of outputs: load's .keep = {\"8\"} leaves the model's own there")
            .c_str(),
        ln::format_error);
    ln::load(few, path, {.rename = names, .ignore = {"head", "steps"}, .keep = "8"});
    // With other inputs it is another layer.
    Nested<7> narrow;
    CHECK_THROWS_WITH_AS(ln::load(narrow, path, {.rename = names, .ignore = {"head", "steps"}, .keep = "6"}),
                         (path + ": expected the tensors of the model, found other ones:\n"
                                 "  8.weight: expected [3,7], found [10,12] in classifier.2.weight\n"
                                 "  8.bias: expected [3], found [10] in classifier.2.bias")
                             .c_str(),
                         ln::format_error);
}
