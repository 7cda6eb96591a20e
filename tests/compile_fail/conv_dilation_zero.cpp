// A convolution with a dilation of 0.
// EXPECT: layer<0, lamina::Conv<4, 3, 1, 0, 0(, 1)?> ?>::dilation<0>::must_be_positive
// EXPECT: dilation must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3, 1, 0, 0>;
#else
using First = ln::Conv<4, 3, 1, 0, 1>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
