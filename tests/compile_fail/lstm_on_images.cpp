// A recurrent layer on a sequence of images, which no layer has made vectors.
// EXPECT: layer<1, lamina::LSTM<20> ?>::input<lamina::Shape<4, 6, 6> ?>::is_not_a_sequence
// EXPECT: this layer needs a sequence: channels and length
// EXPECT: Flatten
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::LSTM<20>;
#else
using Second = ln::Net<ln::Flatten, ln::LSTM<20>>;
#endif
using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Last, ln::Dense<10>>, ln::Sequence<10, ln::Shape<1, 8, 8>>>;

#include "what_a_user_does.hpp"
