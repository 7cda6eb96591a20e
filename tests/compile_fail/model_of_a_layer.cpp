// A model of a layer, without a Net.
// EXPECT: not_a_model_of<lamina::Dense<10>, lamina::Shape<12>, float> ?
// EXPECT: a Model takes a Net
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Topology = ln::Dense<10>;
#else
using Topology = ln::Net<ln::Dense<10>>;
#endif
using Model = ln::Model<Topology, ln::Shape<12>>;

#include "what_a_user_does.hpp"
