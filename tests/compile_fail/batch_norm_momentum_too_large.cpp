// A momentum meant as 0.99, as in libraries that count the other way.
// EXPECT: layer<1, lamina::BatchNorm<10, 990> ?>::momentum_percent<990>::must_be_from_0_to_100
// EXPECT: momentum must be from 0 to 100 percent
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Norm = ln::BatchNorm<10, 990>;
#else
using Norm = ln::BatchNorm<10, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<8, 3>, Norm, ln::Dense<10>>, ln::Shape<3, 9, 9>>;

#include "what_a_user_does.hpp"
