// A leaky ReLU whose slope has the denominator 0.
// EXPECT: layer<1, lamina::LeakyReLU<1, 0> ?>::slope<1, 0>::must_be_from_zero_to_below_one
// EXPECT: slope must be at least 0 and below 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Leaky = ln::LeakyReLU<1, 0>;
#else
using Leaky = ln::LeakyReLU<1, 100>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Leaky, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
