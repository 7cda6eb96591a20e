// Upsampling by a factor of 0.
// EXPECT: layer<1, lamina::Upsample<0?> ?>::upsampling<0, 0>::must_be_positive
// EXPECT: the factor of an Upsample must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Resized = ln::Upsample<0>;
#else
using Resized = ln::Upsample<2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Resized, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
