// A convolution in groups that do not divide the channels.
// EXPECT: layer<1, lamina::Conv<9, 3, 1, 0, 1, 3> ?>::groups<3>::do_not_divide_channels<8>
// EXPECT: the groups must divide the channels of the input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<9, 3, 1, 0, 1, 3>;
#else
using Second = ln::Conv<9, 3>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<8, 3>, Second, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
