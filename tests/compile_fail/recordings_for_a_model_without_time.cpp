// Recordings for a model that is not on a sequence.
// EXPECT: recordings_for<.*Model<.*Dense<4>.*Shape<1> ?> ?>::need_a_model_on_a_sequence
// EXPECT: Recordings are for a Model whose input is a Sequence
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Input = ln::Shape<1>;
#else
using Input = ln::Sequence<64, ln::Shape<1>>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::Dense<1>>, Input>;

constexpr int windows = 1;

#include "what_a_user_does_with_recordings.hpp"
