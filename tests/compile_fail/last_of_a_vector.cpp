// The last step of what has no steps.
// EXPECT: layer<1, lamina::Last>::input<lamina::Shape<20> ?>::is_not_a_sequence
// EXPECT: this layer needs a sequence: channels and length
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Net<ln::Flatten, ln::Dense<20>>;
#else
using First = ln::Dense<20>; // on each step
#endif
using Model = ln::Model<ln::Net<First, ln::Last, ln::Dense<10>>, ln::Sequence<28, ln::Shape<28>>>;

#include "what_a_user_does.hpp"
