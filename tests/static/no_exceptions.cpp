// The core as firmware would use it: built with -fno-exceptions -fno-rtti, linked to nothing.
#include <lamina/core.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

/// With an argument, makes a mistake; with two, after it has put a function of its own where errors go.
int main(int count, char**) {
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1f}};
    if (count > 2)
        ln::on_error = [](const char* message) {
            std::printf("told the program: %s\n", message), std::exit(0);
        };
    if (count > 1)
        model.forward(std::span<const Model::Input>{std::array<Model::Input, 2>{}}, {});
    const std::array<float, 64> numbers{};
    const std::uint8_t pixels[64] = {};
    const Model::Output y = model.forward(numbers), z = model.forward(ln::data::Image{pixels, {1, 8, 8}});
    if (ln::top_k<3>(ln::softmax(y))[0].index != ln::argmax(z)) // both are of zeros
        return 1;
    const Model::Input inputs[2] = {};
    const std::uint8_t labels[] = {0, 9};
    const std::uint32_t batch[] = {1, 0};
    const ln::data::Samples samples{inputs, labels};
    if (!(trainer.step(samples, batch) > 0))
        return 1;
    ln::Trainer last_layer{model, ln::WeightedCrossEntropy<10>{.class_weights = {1, 2}}, ln::AdamW{}};
    last_layer.freeze<0>();
    last_layer.unfreeze("0.bias");
    if (!(last_layer.step(samples, batch, 0.1, 1e-4, 1) > 0))
        return 1;
    return model.forward({}).size == 10 ? 0 : 1;
}
