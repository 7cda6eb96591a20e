// What a user's program may touch: a network, its answer, and both libraries that files need (zlib, jansson).
#include <lamina/lamina.hpp>

#include <cstdio>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

int main() {
    Model model{ln::seed{1}};
    ln::Tensor<float, Model::input_shape> image{};
    image(0, 4, 4) = 1;

    ln::save(model, "consumer.safetensors");
    Model copy{ln::seed{2}};
    ln::load(copy, "consumer.safetensors");
    std::remove("consumer.safetensors");
    if (copy.forward(image) != model.forward(image))
        return 1;

    try {
        ln::data::load_idx("no such folder");
    } catch (const ln::format_error&) {
        return 0;
    }
    return 2;
}
