// An ELU with an alpha of 0.
// EXPECT: layer<1, lamina::ELU<0[^>]*> ?>::alpha<0, 1>::must_be_above_zero
// EXPECT: alpha must be above 0
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Exponential = ln::ELU<0>;
#else
using Exponential = ln::ELU<>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Exponential, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
