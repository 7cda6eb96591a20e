// The shortest whole program: trains on Fashion-MNIST, tests, saves and loads the weights.
#include <lamina/lamina.hpp>
namespace ln = lamina;

using Digits = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using Model  = ln::Model<Digits, ln::Shape<1, 28, 28>>;          // shapes inferred and checked here

static_assert(std::is_same_v<Model::output_shape, ln::Shape<10>>);
static_assert(Model::parameter_count == 27'210);
static_assert(Model::layers[2].output == ln::dims{16, 13, 13});  // per layer: name, input, output, parameters, macs
static_assert(Model::inference_bytes <= 256 * 1024);             // memory is known before the program runs

int main() {
    auto data = ln::data::load_idx("/usr/share/datasets/fashion-mnist");   // .train, .test

    Model model{ln::seed{42}};                                   // He initialisation, on the stack
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05f, .momentum = 0.9f}};
    ln::fit(trainer, data.train, {.epochs = 5, .batch = 64, .validation = &data.test});

    ln::Metrics m = ln::evaluate(model, data.test);              // m.accuracy, m.loss, m.confusion
    auto scores = model.forward(data.test.image(0));             // Tensor<float, Shape<10>>, one sample, no heap
    ln::save(model, "digits.safetensors");
    ln::load(model, "digits.safetensors");                       // throws ln::format_error, names the tensor at fault
}
