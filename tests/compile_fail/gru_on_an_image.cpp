// A recurrent layer on an image.
// EXPECT: layer<0, lamina::GRU<20.*> ?>::input<lamina::Shape<1, 28, 28> ?>::is_not_a_sequence
// EXPECT: this layer needs a sequence: channels and length
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Input = ln::Shape<1, 28, 28>;
#else
using Input = ln::Sequence<28, ln::Shape<28>>; // a row at a time
#endif
using Model = ln::Model<ln::Net<ln::GRU<20>, ln::Flatten, ln::Dense<10>>, Input>;

#include "what_a_user_does.hpp"
