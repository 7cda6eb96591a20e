// A depthwise convolution with a multiplier of 0.
// EXPECT: layer<0, lamina::DepthwiseConv<3, 1, 0, 1, 0> ?>::multiplier<0>::must_be_positive
// EXPECT: a depthwise convolution has at least 1 filter for each channel
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::DepthwiseConv<3, 1, 0, 1, 0>;
#else
using First = ln::DepthwiseConv<3, 1, 0, 1, 1>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
