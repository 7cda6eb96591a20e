// What the first page of the documentation has a user write compiles as it stands, and says what is true.
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Digits = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using Model = ln::Model<Digits, ln::Shape<1, 28, 28>>;

static_assert(std::is_same_v<Model::output_shape, ln::Shape<10>>);
static_assert(Model::parameter_count == 27'210);
static_assert(Model::layers[2].output == ln::dims{16, 13, 13});
static_assert(Model::inference_bytes <= 256 * 1024);

void train_and_use() {
    auto data = ln::data::load_idx("/usr/share/datasets/fashion-mnist");

    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05f, .momentum = 0.9f}};
    ln::fit(trainer, data.train, {.epochs = 5, .batch = 64, .validation = &data.test});

    ln::Metrics m = ln::evaluate(model, data.test);
    auto scores = model.forward(data.test.image(0));
    ln::save(model, "digits.safetensors");
    ln::load(model, "digits.safetensors");

    static_assert(std::is_same_v<decltype(scores), ln::Tensor<float, ln::Shape<10>>>);
    static_assert(std::is_same_v<decltype(m.accuracy), double>);
}
