// Average pooling with a window larger than its input.
// EXPECT: layer<1, lamina::AvgPool<4, 2[, 0-9a-z]*> ?>::window<4, 4>::does_not_fit_its_input<3, 6>
// EXPECT: pooling window is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Pool = ln::AvgPool<4, 2>;
#else
using Pool = ln::AvgPool<3, 2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Pool, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
