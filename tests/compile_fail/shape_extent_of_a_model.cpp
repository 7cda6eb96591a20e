// A model on a shape with an extent of 0.
// EXPECT: lamina::Shape<1, 0, 28>
// EXPECT: every extent of a shape is at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int rows = 0;
#else
constexpr int rows = 28;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, ln::Dense<10>>, ln::Shape<1, rows, 28>>;

#include "what_a_user_does.hpp"
