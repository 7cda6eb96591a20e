// Adaptive average pooling to a size of 0.
// EXPECT: layer<1, lamina::AdaptiveAvgPool<0> ?>::output_size<0, 0>::must_be_positive
// EXPECT: an AdaptiveAvgPool gives at least 1 row and 1 column
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Resized = ln::AdaptiveAvgPool<0>;
#else
using Resized = ln::AdaptiveAvgPool<2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Resized, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
