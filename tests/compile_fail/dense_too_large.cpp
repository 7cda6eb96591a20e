// A dense layer whose weight has more elements than an int can count.
// EXPECT: layer<0, lamina::Dense<50000> ?>::tensor<lamina::Shape<50000, 50000> ?>::is_not_a_shape
// EXPECT: at most 2,147,483,647 elements
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using First = ln::Dense<50000>;
#else
using First = ln::Dense<1>;
#endif
using Model = ln::Model<ln::Net<First, ln::Dense<10>>, ln::Shape<50000>>;

#include "what_a_user_does.hpp"
