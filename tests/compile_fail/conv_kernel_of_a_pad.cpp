// A convolution with a pad in place of a kernel.
// EXPECT: layer<0, lamina::Conv<4, .*> ?>::kernel_is_neither_a_number_nor_a_size
// EXPECT: a kernel is a whole number or an ln::size.height, width.
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, ln::pad{0, 1, 0, 1}>;
#else
using First = ln::Conv<4, 3, 1, ln::pad{0, 1, 0, 1}>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
