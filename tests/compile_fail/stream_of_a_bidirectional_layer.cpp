// A stream of a network with a layer that begins at the last step.
// EXPECT: layer<0, lamina::Bidirectional<lamina::LSTM<8> ?> ?>::looks_ahead
// EXPECT: a stream knows no step before it comes
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Bidirectional<ln::LSTM<8>>;
#else
using First = ln::LSTM<16>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#include "what_a_user_does_with_a_stream.hpp"
