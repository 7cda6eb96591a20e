// A recurrent layer whose weights an int does not count.
// EXPECT: layer<0, lamina::LSTM<30000> ?>::units<30000>::are_too_many
// EXPECT: use fewer units or shorter sequences
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int units = 30000;
#else
constexpr int units = 20;
#endif
using Model = ln::Model<ln::Net<ln::LSTM<units>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#include "what_a_user_does_with_a_stream.hpp"
