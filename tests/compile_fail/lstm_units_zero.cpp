// A recurrent layer with 0 units.
// EXPECT: layer<0, lamina::LSTM<0> ?>::units<0>::must_be_positive
// EXPECT: a recurrent layer has at least 1 unit
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int units = 0;
#else
constexpr int units = 20;
#endif
using Model = ln::Model<ln::Net<ln::LSTM<units>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#include "what_a_user_does_with_a_stream.hpp"
