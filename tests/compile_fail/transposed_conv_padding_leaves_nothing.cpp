// A transposed convolution whose padding leaves no output.
// EXPECT: layer<1, lamina::TransposedConv<4, 3, 2, 2[, 0-9]*> ?>::padding<2>::leaves_no_output<1, -1>
// EXPECT: padding must leave at least one row and one column
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::TransposedConv<4, 3, 2, 2>;
#else
using Second = ln::TransposedConv<4, 3, 2, 1>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<ln::size{2, 4}, ln::size{2, 4}>, Second, ln::Dense<10>>,
                        ln::Shape<2, 4, 4>>;

#include "what_a_user_does.hpp"
