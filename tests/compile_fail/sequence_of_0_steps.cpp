// A model on a sequence of 0 steps.
// EXPECT: Sequence<0, lamina::Shape<28> ?>
// EXPECT: a Sequence has at least one step
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int steps = 0;
#else
constexpr int steps = 28;
#endif
using Model = ln::Model<ln::Net<ln::LSTM<20>, ln::Last, ln::Dense<10>>, ln::Sequence<steps, ln::Shape<28>>>;

#include "what_a_user_does.hpp"
