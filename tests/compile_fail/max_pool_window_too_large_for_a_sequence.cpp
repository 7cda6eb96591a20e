// Max pooling of a sequence with a window that is higher than it.
// EXPECT: layer<0, lamina::MaxPool<.*size.*> ?>::window<3, 2>::does_not_fit_its_input<1, 9>
// EXPECT: pooling window is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Pool = ln::MaxPool<ln::size{3, 2}, 2>;
#else
using Pool = ln::MaxPool<ln::size{1, 2}, 2>;
#endif
using Model = ln::Model<ln::Net<Pool, ln::Dense<10>>, ln::Shape<4, 9>>;

#include "what_a_user_does.hpp"
