// A batch norm that could divide by zero.
// EXPECT: layer<1, lamina::BatchNorm<0(, 10)?> ?>::epsilon_per_million<0>::must_be_positive
// EXPECT: epsilon must be at least 1 in a million
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Norm = ln::BatchNorm<0>;
#else
using Norm = ln::BatchNorm<1000>; // 0.001
#endif
using Model = ln::Model<ln::Net<ln::Conv<8, 3>, Norm, ln::Dense<10>>, ln::Shape<3, 9, 9>>;

#include "what_a_user_does.hpp"
