// A 1-D convolution of an image.
// EXPECT: layer<0, lamina::Conv1D<4, 3.*> ?>::input<lamina::Shape<2, 8, 8> ?>::is_not_a_sequence
// EXPECT: this layer needs a sequence: channels and length
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv1D<4, 3>;
#else
using First = ln::Conv<4, 3>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
