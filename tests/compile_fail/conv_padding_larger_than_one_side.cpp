// A convolution whose padding of one side is as large as the kernel.
// EXPECT: layer<0, lamina::Conv<4, .*> ?>::padding<0, 3, 0, 0>::must_be_smaller_than_kernel<3, 2>
// EXPECT: padding must be smaller than the kernel
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, ln::size{3, 2}, 1, ln::pad{0, 3, 0, 0}>;
#else
using First = ln::Conv<4, ln::size{3, 2}, 1, ln::pad{0, 2, 0, 0}>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
