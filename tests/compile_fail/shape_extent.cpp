// A shape with an extent of 0.
// EXPECT: every extent of a shape is at least 1
#include <lamina/shape.hpp>

#ifdef SHOULD_NOT_COMPILE
constexpr int rows = 0;
#else
constexpr int rows = 28;
#endif

constexpr int elements = lamina::Shape<1, rows, 28>::size;
