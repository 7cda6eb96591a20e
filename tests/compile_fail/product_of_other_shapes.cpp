// A Product of branches whose outputs differ in shape.
// EXPECT: layer<1, lamina::Product<.*> ?>::branch<2>::gives<.*Shape<8> ?>::where_others_give<.*Shape<16> ?>
// EXPECT: all branches of a Sum or a Product have outputs of the same shape
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Gate = ln::Net<ln::Dense<8>, ln::Sigmoid>;
#else
using Gate = ln::Net<ln::Dense<16>, ln::Sigmoid>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Product<ln::Identity, ln::Tanh, Gate>, ln::Dense<10>>,
                        ln::Shape<1, 9, 9>>;

float first(const Model& model) {
    return model.forward({})[0];
}
