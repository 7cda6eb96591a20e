// A scale whose denominator is 0.
// EXPECT: layer<1, lamina::Scale<1, 0> ?>::factor<1, 0>::has_no_positive_denominator
// EXPECT: the denominator of a factor must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Tenth = ln::Scale<1, 0>;
#else
using Tenth = ln::Scale<1, 10>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Tenth, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
