// A strict network whose convolution drops a row and a column.
// EXPECT: layer<1, lamina::Conv<4, 3, 2[, 0-9]*> ?>::stride<2>::does_not_divide<5, 5>
// EXPECT: in a Strict network the stride must divide
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<4, 3, 2>;
#else
using Second = ln::Conv<4, 2, 2>;
#endif
using Topology = ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>;
using Model = ln::Model<ln::Strict<Topology>, ln::Shape<1, 10, 10>>;

float first(const Model& model, const Model::Input& x) {
    return model.forward(x)[0];
}
