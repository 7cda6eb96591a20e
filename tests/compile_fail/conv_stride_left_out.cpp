// A convolution with a padding in place of its stride.
// EXPECT: layer<0, lamina::Conv<4, 3, .*> ?>::stride_is_neither_a_number_nor_a_size
// EXPECT: a stride is a whole number or an ln::size.rows, columns.
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv<4, 3, ln::same>;
#else
using First = ln::Conv<4, 3, 1, ln::same>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
