// A training step on samples of another shape than the model's.
// EXPECT: Samples<float, lamina::Shape<784>.*has_inputs_that_do_not_fit<lamina::Shape<1, 28, 28>
// EXPECT: inputs of the data must be of the model's input shape and number type
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Input = ln::Shape<784>;
#else
using Input = ln::Shape<1, 28, 28>;
#endif

void train(Model& model, const ln::data::Samples<float, Input, ln::Shape<10>>& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    trainer.step(data, samples);
}
