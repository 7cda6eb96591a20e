// A network without layers.
// EXPECT: network_has_no_layers<lamina::Net<> ?>
// EXPECT: a Net needs at least one layer
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Topology = ln::Net<>;
#else
using Topology = ln::Net<ln::Dense<10>>;
#endif
using Model = ln::Model<Topology, ln::Shape<12>>;

#include "what_a_user_does.hpp"
