// An activation by PyTorch's name.
// EXPECT: name_of_pytorch<lamina::problem::layer<1, lamina::Hardswish> ?>::means_HardSwish
// EXPECT: PyTorch's Hardswish is ln::HardSwish
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Swish = ln::Hardswish;
#else
using Swish = ln::HardSwish;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, Swish, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
