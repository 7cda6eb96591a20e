// A sequence of images.
// EXPECT: Sequence<10, lamina::Shape<1, 8, 8> ?>
// EXPECT: each step of a Sequence is a vector
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Step = ln::Shape<1, 8, 8>;
#else
using Step = ln::Shape<8 * 8>;
#endif
using Model = ln::Model<ln::Net<ln::LSTM<20>, ln::Last, ln::Dense<10>>, ln::Sequence<10, Step>>;

#include "what_a_user_does.hpp"
