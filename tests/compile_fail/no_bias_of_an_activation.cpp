// A layer without a bias in NoBias.
// EXPECT: layer<1, lamina::NoBias<lamina::ReLU> ?>::has_no_bias_to_leave_out
// EXPECT: NoBias takes a layer whose bias can be left out: Conv, DepthwiseConv, Conv1D, TransposedConv or Dense
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Topology = ln::Net<ln::Conv<4, 3>, ln::NoBias<ln::ReLU>, ln::Dense<10>>;
#else
using Topology = ln::Net<ln::NoBias<ln::Conv<4, 3>>, ln::ReLU, ln::Dense<10>>;
#endif
using Model = ln::Model<Topology, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
