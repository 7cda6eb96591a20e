// Files that PyTorch wrote, with its answers in them: see tests/oracle/weights.cpp.
#include <lamina/io/safetensors.hpp>

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
    const ln::io::Safetensors file = ln::io::SafetensorsReader{bytes, "file"}.read();
    for (const ln::io::StoredTensor& tensor : file.tensors) {
        const auto data = file.bytes(tensor);
        all[tensor.name] = {tensor.shape, FileBytes(data.begin(), data.end())};
    }
    return all;
}

FileBytes file_bytes(const std::string& path) {
    ln::io::InputFile file{path};
    const auto bytes = ln::io::read_bytes(file, PTRDIFF_MAX);
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
    ln::io::write_number(2.0F, bytes.data() + data);
    CHECK_THROWS_AS(ln::load(broken, bytes, "file", {.tolerance = 1e-5}), ln::format_error);
}

} // namespace

TEST_CASE("PyTorch's weights give PyTorch's answers, and are saved as PyTorch saved them") {
    check<oracle::SmallCard>("card");
    check<oracle::SmallLeNet5>("lenet5");
    check<oracle::SmallVGG>("vgg");
}
