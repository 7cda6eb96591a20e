// Average pooling with a window that meets only padding.
// EXPECT: layer<1, lamina::AvgPool<.*size.*> ?>::padding<1>::must_be_smaller_than_window<3, 1>
// EXPECT: padding must be smaller than the window, otherwise some windows would see only padding
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Pool = ln::AvgPool<ln::size{3, 1}, 2, 1>;
#else
using Pool = ln::AvgPool<ln::size{3, 1}, 2, ln::pad{1, 1, 0, 0}>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Pool, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
