// A 2-D convolution of a sequence.
// EXPECT: layer<0, lamina::Conv<4, 3.*> ?>::input<lamina::Shape<2, 64> ?>::is_not_an_image
// EXPECT: this layer needs an image: channels, height and width
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3>;
#else
using First = ln::Conv1D<4, 3>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<2, 64>>;

#include "what_a_user_does.hpp"
