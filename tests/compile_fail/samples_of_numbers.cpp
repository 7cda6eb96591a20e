// Samples whose targets are numbers instead of tensors.
// EXPECT: samples<.*Tensor<float, lamina::Shape<4>.*float.*>::are_not_made_of_these
// EXPECT: two vectors, arrays or spans: inputs, each a Model::Input, and either labels, which are integers .no enums
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<4>>;

#ifdef SHOULD_NOT_COMPILE
float wanted[8];
#else
Model::Output wanted[8];
#endif
Model::Input inputs[8];

float train(Model& model) {
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    const ln::data::Samples samples{inputs, wanted};
    return trainer.step(samples, first);
}
