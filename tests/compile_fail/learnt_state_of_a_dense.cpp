// A learnt state of a layer that is not recurrent.
// EXPECT: layer<0, lamina::LearntState<lamina::Dense<8> ?> ?>::is_not_of_a_recurrent_layer
// EXPECT: Bidirectional and LearntState take a recurrent layer
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Learnt = ln::LearntState<ln::Dense<8>>;
#else
using Learnt = ln::LearntState<ln::GRU<8>>;
#endif
using Model = ln::Model<ln::Net<Learnt, ln::Flatten, ln::Dense<10>>, ln::Sequence<28, ln::Shape<28>>>;

#include "what_a_user_does.hpp"
