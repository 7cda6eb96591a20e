// A convolution with a kernel larger than its input.
// EXPECT: layer<2, lamina::Conv<16, 5[, 0-9]*> ?>::kernel<5, 5>::does_not_fit_its_input<4, 4>
// EXPECT: kernel is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Third = ln::Conv<16, 5, 1>;
#else
using Third = ln::Conv<16, 3, 1>;
#endif
using Model =
    ln::Model<ln::Net<ln::Conv<8, 3, 1>, ln::MaxPool<2, 2>, Third, ln::Dense<10>>, ln::Shape<1, 10, 10>>;

#include "what_a_user_does.hpp"
