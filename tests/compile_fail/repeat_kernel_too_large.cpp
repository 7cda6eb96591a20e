// A kernel larger than its input, in a Repeat.
// EXPECT: layer<1, lamina::Conv<4, 9(, 1, 0(, 1, 1)?)?>, lamina::problem::inside<0, 0> ?>::kernel<9, 9>::does_not_fit_its_input<5, 5>
// EXPECT: kernel is larger than its input
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Layer = ln::Conv<4, 9>;
#else
using Layer = ln::Conv<4, 3, 1, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Repeat<3, ln::Conv<4, 1>, Layer>, ln::Dense<10>>, ln::Shape<4, 5, 5>>;

float first(const Model& model) {
    return model.forward({})[0];
}
