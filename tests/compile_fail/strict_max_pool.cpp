// A strict network whose pooling drops rows and columns.
// EXPECT: layer<1, lamina::MaxPool<3, 3[, 0-9a-z]*> ?>::stride<3>::does_not_divide<5, 5>
// EXPECT: in a Strict network the stride must divide
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::MaxPool<3, 3>;
#else
using Second = ln::MaxPool<2, 2>;
#endif
using Topology = ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>;
using Model = ln::Model<ln::Strict<Topology>, ln::Shape<1, 10, 10>>;

float first(const Model& model, const Model::Input& x) {
    return model.forward(x)[0];
}
