// A convolution with stride 0.
// EXPECT: layer<1, lamina::Conv<4, 3, 0[, 0-9]*> ?>::stride<0>::must_be_positive
// EXPECT: stride must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<4, 3, 0>;
#else
using Second = ln::Conv<4, 3, 1>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Second, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
