// Gradients through several windows of recordings, by a convolution.
// EXPECT: layer<0, .*CausalConv<8, 3.*>::carries_no_gradient_to_the_window_before
// EXPECT: by recurrent layers alone
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::CausalConv<8, 3, 1>, ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;
#ifdef SHOULD_NOT_COMPILE
constexpr int windows = 32;
#else
constexpr int windows = 1;
#endif

#include "what_a_user_does_with_recordings.hpp"
