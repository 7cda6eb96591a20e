// A convolution with 0 filters.
// EXPECT: layer<1, lamina::Conv<0, 3[, 0-9]*> ?>::filters<0>::must_be_positive
// EXPECT: a convolution needs at least 1 filter
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<0, 3>;
#else
using Second = ln::Conv<1, 3>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Second, ln::Dense<10>>, ln::Shape<2, 8, 8>>;

#include "what_a_user_does.hpp"
