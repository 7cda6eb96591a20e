// A sequence whose steps are neither vectors nor images.
// EXPECT: Sequence<10, lamina::Shape<8, 8> ?>
// EXPECT: each step of a Sequence is a vector, Shape<C>, or an image, Shape<C, H, W>
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Step = ln::Shape<8, 8>;
#else
using Step = ln::Shape<1, 8, 8>;
#endif
using Model =
    ln::Model<ln::Net<ln::Dense<20>, ln::LSTM<20>, ln::Last, ln::Dense<10>>, ln::Sequence<10, Step>>;

#include "what_a_user_does.hpp"
