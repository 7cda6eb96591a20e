// A Concat of images that differ in height and width.
// EXPECT: layer<0, lamina::Concat<.*> ?>::branch<1>::gives<.*Shape<8, 7, 7> ?>::beside<.*Shape<8, 9, 9> ?>
// EXPECT: all have the same height and width
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Wide = ln::Conv<8, 3>;
#else
using Wide = ln::Conv<8, 3, 1, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Concat<ln::Conv<8, 1>, Wide>, ln::Dense<10>>, ln::Shape<1, 9, 9>>;

float first(const Model& model) {
    return model.forward({})[0];
}
