// A stream with blocks of 0 steps.
// EXPECT: stream_of<.*>::blocks<0>::must_have_at_least_one_step
// EXPECT: a block of a Stream has at least 1 step
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<4>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#ifdef SHOULD_NOT_COMPILE
constexpr int steps = 0;
#else
constexpr int steps = 64;
#endif
#define STREAM ln::Stream<Model, steps>

#include "what_a_user_does_with_a_stream.hpp"
