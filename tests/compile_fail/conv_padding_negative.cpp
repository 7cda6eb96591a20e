// A convolution with negative padding.
// EXPECT: layer<1, lamina::Conv<4, 3, 1, -1[, 0-9]*> ?>::padding<-1>::must_not_be_negative
// EXPECT: padding must be at least 0
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<4, 3, 1, -1>;
#else
using Second = ln::Conv<4, 3, 1, 0>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Second, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
