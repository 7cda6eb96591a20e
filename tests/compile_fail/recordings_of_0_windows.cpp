// Recordings whose samples have 0 windows.
// EXPECT: recordings_for<.*>::windows<0>::must_be_positive
// EXPECT: a sample of Recordings has at least 1 window
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<8>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;
#ifdef SHOULD_NOT_COMPILE
constexpr int windows = 0;
#else
constexpr int windows = 1;
#endif

#include "what_a_user_does_with_recordings.hpp"
