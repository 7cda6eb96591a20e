// A layer that is not recurrent, in both directions.
// EXPECT: layer<0, lamina::Bidirectional<lamina::Dense<8> ?> ?>::is_not_of_a_recurrent_layer
// EXPECT: Bidirectional and LearntState take a recurrent layer
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Both = ln::Bidirectional<ln::Dense<8>>;
#else
using Both = ln::Bidirectional<ln::GRU<8>>;
#endif
using Model = ln::Model<ln::Net<Both, ln::Flatten, ln::Dense<10>>, ln::Sequence<28, ln::Shape<28>>>;

#include "what_a_user_does.hpp"
