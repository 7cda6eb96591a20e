// A type in a network that is not a layer.
// EXPECT: layer<1, int>::is_not_a_layer
// EXPECT: a Net holds layers
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = int;
#else
using Second = ln::ReLU;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Second, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
