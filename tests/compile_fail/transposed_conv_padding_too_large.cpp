// A transposed convolution with padding as large as the kernel.
// EXPECT: layer<1, lamina::TransposedConv<4, 3, 2, 3[, 0-9]*>
// ?>::padding<3>::must_be_smaller_than_transposed_kernel<3> EXPECT: otherwise some inputs would count for
// nothing
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::TransposedConv<4, 3, 2, 3>;
#else
using Second = ln::TransposedConv<4, 3, 2, 2>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Second, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
