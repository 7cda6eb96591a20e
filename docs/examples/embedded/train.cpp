// Trains a network on the IDX files of a folder. Writes its weights, digits.safetensors, and a test image
// that it classifies rightly, image.hpp.
#include "network.hpp"

#include <lamina/data/idx.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/train/fit.hpp>

#include <cstdio>
#include <string>

namespace {

/// The first test image that the model classifies rightly.
std::size_t first_right(const Model& model, const ln::data::Images& images) {
    for (std::size_t i = 0; i < images.size(); ++i)
        if (ln::argmax(model.forward(images.image(i))) == images.label(i))
            return i;
    throw ln::data_error{"no test image is answered rightly"};
}

void write_image(const ln::data::Images& images, std::size_t index, const std::string& path) {
    std::string text = "#pragma once\n\n#include <cstdint>\n\ninline constexpr int label = " +
                       std::to_string(images.label(index)) + ";\ninline constexpr std::uint8_t pixels[] = {";
    const std::uint8_t* pixels = images.image(index).pixels();
    for (std::size_t i = 0; i < images.shape().size(); ++i)
        text.append(i % 28 == 0 ? "\n    " : " ").append(std::to_string(pixels[i])).append(",");
    text += "\n};\n";
    ln::files::replace_file(path, std::as_bytes(std::span{text}));
}

} // namespace

int main(int count, char** arguments) {
    const auto data = ln::data::load_idx(count > 1 ? arguments[1] : "/usr/share/datasets/fashion-mnist");
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9}};
    ln::fit(trainer, data.train, {.epochs = 1, .progress = false});
    std::printf("test accuracy %.4f\n", ln::evaluate(model, data.test).accuracy);
    ln::save(model, "digits.safetensors");
    write_image(data.test, first_right(model, data.test), "image.hpp");
}
