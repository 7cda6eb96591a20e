// A scale without its factor.
// EXPECT: layer<1, lamina::Scale<.*> ?>::factor<0, 1>::must_not_be_zero
// EXPECT: a Scale needs a factor, which is not 0
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Twice = ln::Scale<>;
#else
using Twice = ln::Scale<2>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Twice, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
