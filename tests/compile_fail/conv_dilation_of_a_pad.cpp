// A depthwise convolution with a pad in place of a dilation.
// EXPECT: layer<0, lamina::DepthwiseConv<3, .*> ?>::dilation_is_neither_a_number_nor_a_size
// EXPECT: a dilation is a whole number or an ln::size.rows, columns.
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::DepthwiseConv<3, 1, 0, ln::pad{2}>;
#else
using First = ln::DepthwiseConv<3, 1, 0, ln::size{2, 1}>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
