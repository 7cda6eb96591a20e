// Adaptive average pooling to a size that is a padding.
// EXPECT: layer<1, lamina::AdaptiveAvgPool<.*> ?>::size_is_neither_a_number_nor_a_size
// EXPECT: a size is a whole number or an ln::size.
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::AdaptiveAvgPool<ln::pad{2}>;
#else
using Second = ln::AdaptiveAvgPool<ln::size{2, 3}>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
