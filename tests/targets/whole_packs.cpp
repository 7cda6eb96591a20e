// Forward and backward of layers whose kernels are most of the time, to be read as assembly.
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/model.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<32, 3, 1, 1>, ln::ReLU, ln::Dense<40>>, ln::Shape<16, 8, 8>>;
using Pass = ln::topology::TrainingPass<Model::plan, ln::pack<float>, true>;

void step(Pass& pass, const float* numbers, float* gradients) {
    pass.forward(numbers);
    pass.backward(numbers, gradients);
}
