// A convolution with 0 groups.
// EXPECT: layer<0, lamina::Conv<4, 3, 1, 0, 1, 0> ?>::groups<0>::must_be_positive
// EXPECT: a convolution has at least 1 group
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3, 1, 0, 1, 0>;
#else
using First = ln::Conv<4, 3, 1, 0, 1, 1>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
