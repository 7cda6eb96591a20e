// A Repeat of layers that change the shape.
// EXPECT: layer<1, lamina::Repeat<3, lamina::Conv<8, 3.*> ?>::cannot_repeat_what_gives<.*Shape<8, 7, 7> ?>::instead_of<.*Shape<8, 9, 9> ?>
// EXPECT: a Repeat needs layers that give the shape that they take
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Layer = ln::Conv<8, 3>;
#else
using Layer = ln::Conv<8, 3, 1, 1>;
#endif
using Model =
    ln::Model<ln::Net<ln::Conv<8, 1>, ln::Repeat<3, Layer, ln::ReLU>, ln::Dense<10>>, ln::Shape<1, 9, 9>>;

#include "what_a_user_does.hpp"
