// A convolution with a kernel larger than its padded input.
// EXPECT: layer<1, lamina::Conv<4, 7, 1, 1[, 0-9]*> ?>::kernel<7, 7>::does_not_fit_its_input<6, 6>
// EXPECT: kernel is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<4, 7, 1, 1>;
#else
using Second = ln::Conv<4, 6, 1, 1>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Second, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
