// A 2-D convolution after a recurrent layer, whose output is a sequence.
// EXPECT: layer<1, lamina::Conv<4, 3.*> ?>::input<lamina::Sequence<28, lamina::Shape<16> ?> ?>::is_not_an_image
// EXPECT: this layer needs an image: channels, height and width
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<4, 3>;
#else
using Second = ln::CausalConv<4, 3>;
#endif
using Model = ln::Model<ln::Net<ln::LSTM<16>, Second, ln::Last>, ln::Sequence<28, ln::Shape<28>>>;

#include "what_a_user_does.hpp"
