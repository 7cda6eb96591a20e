// A Concat of an image and a vector.
// EXPECT: layer<0, lamina::Concat<.*> ?>::branch<1>::gives<.*Shape<8> ?>::beside<.*Shape<8, 9, 9> ?>
// EXPECT: the outputs of a Concat
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Summary = ln::Dense<8>;
#else
using Summary = ln::Conv<8, 3, 1, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Concat<ln::Conv<8, 1>, Summary>, ln::Dense<10>>, ln::Shape<1, 9, 9>>;

float first(const Model& model) {
    return model.forward({})[0];
}
