// A network as a layer of another network.
// EXPECT: layer<0, lamina::Net<lamina::Dense<8> ?> ?>::is_a_network
// EXPECT: a Net does not hold a Net: list its layers instead
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Net<ln::Dense<8>>;
#else
using First = ln::Dense<8>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
