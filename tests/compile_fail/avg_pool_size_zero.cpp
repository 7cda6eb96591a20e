// Average pooling with a window of size 0.
// EXPECT: layer<1, lamina::AvgPool<0, 2[, 0-9a-z]*> ?>::window<0, 0>::must_be_positive
// EXPECT: pooling window must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Pool = ln::AvgPool<0, 2>;
#else
using Pool = ln::AvgPool<2, 2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Pool, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
