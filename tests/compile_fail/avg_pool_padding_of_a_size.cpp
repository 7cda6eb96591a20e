// A pool with a size in place of a padding.
// EXPECT: layer<1, lamina::AvgPool<3, 2, .*> ?>::padding_is_neither_a_number_nor_a_pad_nor_same
// EXPECT: a padding is a whole number, an ln::pad.top, bottom, left, right. or ln::same
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::AvgPool<3, 2, ln::size{1, 1}>;
#else
using Second = ln::AvgPool<3, 2, ln::pad{1, 1, 1, 1}>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
