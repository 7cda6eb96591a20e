// A kernel larger than its input, in a part of the network that has a name.
// EXPECT: layer<1, lamina::Conv<16, 5(, 1, 0(, 1, 1)?)?>, lamina::problem::inside<0> ?>::kernel<5, 5>::does_not_fit_its_input<4, 4>
// EXPECT: kernel is larger than its input
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Features = ln::Net<ln::MaxPool<2, 2>, ln::Conv<16, 5>, ln::ReLU>;
#else
using Features = ln::Net<ln::MaxPool<2, 2>, ln::Conv<16, 3>, ln::ReLU>;
#endif
using Model = ln::Model<ln::Net<ln::Named<"features", Features>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

float first(const Model& model) {
    return model.forward({})[0];
}
