// A pooling window that is a fraction.
// EXPECT: layer<1, lamina::MaxPool<.*> ?>::window_is_neither_a_number_nor_a_size
// EXPECT: a pooling window is a whole number or an ln::size.height, width.
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::MaxPool<1.5, 2>;
#else
using Second = ln::MaxPool<ln::size{1, 2}, 2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
