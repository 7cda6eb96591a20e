// A convolution whose dilation makes the kernel larger than its input.
// EXPECT: layer<0, lamina::Conv<4, 3, 1, 1, 5(, 1)?> ?>::kernel<3, 3>::dilated_by<5, 5>::does_not_fit_its_input<10, 11>
// EXPECT: kernel with its dilation is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3, 1, 1, 5>;
#else
using First = ln::Conv<4, 3, 1, 1, 4>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 9>>;

#include "what_a_user_does.hpp"
