// A convolution without a kernel size.
// EXPECT: layer<0, lamina::Conv<8[, 0-9]*> ?>::kernel<0, 0>::must_be_positive
// EXPECT: kernel must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<8>;
#else
using First = ln::Conv<8, 3>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 12, 12>>;

#include "what_a_user_does.hpp"
