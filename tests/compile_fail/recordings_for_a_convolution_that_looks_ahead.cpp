// Recordings for a network that looks ahead: Conv1D sees later steps.
// EXPECT: layer<0, lamina::Conv1D<8, 3.*> ?>::looks_ahead
// EXPECT: nor be trained on ln::data::Recordings
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Conv1D<8, 3, 1, 1>;
#else
using First = ln::CausalConv<8, 3>;
#endif
using Model = ln::Model<ln::Net<First, ln::Tanh, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

constexpr int windows = 1;

#include "what_a_user_does_with_recordings.hpp"
