// A stream of a network that answers once, for the whole sequence.
// EXPECT: layer<1, lamina::Last>::looks_ahead
// EXPECT: a stream knows no step before it comes
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Topology = ln::Net<ln::GRU<8>, ln::Last, ln::Dense<1>>;
#else
using Topology = ln::Net<ln::GRU<8>, ln::Dense<1>>;
#endif
using Model = ln::Model<Topology, ln::Sequence<64, ln::Shape<1>>>;

#include "what_a_user_does_with_a_stream.hpp"
