// A kernel larger than its input, in a residual block.
// EXPECT: layer<2, lamina::Conv<16, 7(, 1, 0(, 1, 1)?)?>, lamina::problem::inside<1, 1> ?>::kernel<7, 7>::does_not_fit_its_input<5, 5>
// EXPECT: kernel is larger than its input
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Block = ln::Residual<ln::BatchNorm<>, ln::ReLU, ln::Conv<16, 7>>;
#else
using Block = ln::Residual<ln::BatchNorm<>, ln::ReLU, ln::Conv<16, 3, 1, 1>>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<16, 1>, Block, ln::Dense<10>>, ln::Shape<1, 5, 5>>;

float first(const Model& model) {
    return model.forward({})[0];
}
