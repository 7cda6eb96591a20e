// A convolution with a size in place of a padding.
// EXPECT: layer<0, lamina::Conv<4, 3, .*> ?>::padding_is_neither_a_number_nor_a_pad_nor_same
// EXPECT: a padding is a whole number, an ln::pad.top, bottom, left, right. or ln::same
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3, 1, ln::size{1, 0}>;
#else
using First = ln::Conv<4, 3, 1, ln::pad{1, 1, 0, 0}>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
