// An LSTM with the number of inputs in front, as PyTorch takes it.
// EXPECT: layer<0, lamina::LSTM<1, 16> ?>::takes_its_units_without_inputs
// EXPECT: PyTorch's LSTM.1, 16. is ln::LSTM<16>
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Layer = ln::LSTM<1, 16>;
#else
using Layer = ln::LSTM<16>;
#endif
using Model = ln::Model<ln::Net<Layer, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#include "what_a_user_does_with_a_stream.hpp"
