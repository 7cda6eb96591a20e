// A dense layer with 0 outputs.
// EXPECT: layer<0, lamina::Dense<0> ?>::outputs<0>::must_be_positive
// EXPECT: a dense layer needs at least 1 output
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Dense<0>;
#else
using First = ln::Dense<1>;
#endif
using Model = ln::Model<ln::Net<First, ln::ReLU, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
