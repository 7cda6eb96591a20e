// A PReLU with another number of slopes than its input has channels.
// EXPECT: layer<1, lamina::PReLU<3> ?>::slopes<3>::are_not_one_or_the_channels<8>
// EXPECT: a PReLU has 1 slope, or as many as its input has channels
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Leaky = ln::PReLU<3>;
#else
using Leaky = ln::PReLU<8>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<8, 3>, Leaky, ln::Dense<10>>, ln::Shape<3, 9, 9>>;

#include "what_a_user_does.hpp"
