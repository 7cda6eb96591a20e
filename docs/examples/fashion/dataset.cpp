#include "dataset.hpp"

#include "options.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace fashion {
namespace {

/// Recognises a data set by its first labels, in whatever folder its files are.
bool begins_with(const ln::data::Images& images, const std::array<int, 10>& labels) {
    if (images.size() < labels.size())
        return false;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (images.label(i) != labels[i])
            return false;
    return true;
}

} // namespace

Dataset load_dataset(const std::string& folder) {
    if (folder == Options{}.folder && !std::filesystem::exists(folder))
        throw std::runtime_error{folder + ": expected a folder with the images of Fashion-MNIST, found none\n"
                                          "They are in Debian's package dataset-fashion-mnist."};
    ln::data::Split split = ln::data::load_idx(folder);

    std::string name = std::filesystem::canonical(folder).filename().string();
    std::vector<std::string> classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    if (begins_with(split.train, {9, 0, 0, 3, 0, 2, 7, 2, 5, 5})) {
        name = "Fashion-MNIST";
        classes = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                   "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
    } else if (begins_with(split.train, {5, 0, 4, 1, 9, 2, 1, 3, 1, 4})) {
        name = "MNIST";
    }
    return {std::move(name), std::move(classes), std::move(split.train), std::move(split.test)};
}

} // namespace fashion
