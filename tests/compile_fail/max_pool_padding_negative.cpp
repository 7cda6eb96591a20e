// Max pooling with negative padding.
// EXPECT: layer<1, lamina::MaxPool<3, 2, -1> ?>::padding<-1>::must_not_be_negative
// EXPECT: padding must be at least 0
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Pool = ln::MaxPool<3, 2, -1>;
#else
using Pool = ln::MaxPool<3, 2, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Pool, ln::Dense<10>>, ln::Shape<1, 5, 8>>;

#include "what_a_user_does.hpp"
