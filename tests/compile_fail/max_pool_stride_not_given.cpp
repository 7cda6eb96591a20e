// Max pooling without a stride.
// EXPECT: layer<0, lamina::MaxPool<2[, 0]*> ?>::stride<0>::must_be_positive
// EXPECT: stride must be at least 1
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::MaxPool<2>;
#else
using First = ln::MaxPool<2, 2>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<1, 12, 12>>;

#include "what_a_user_does.hpp"
