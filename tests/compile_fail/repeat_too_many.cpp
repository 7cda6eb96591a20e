// A Repeat of more layers than compilers can do.
// EXPECT: layer<1, lamina::Repeat<2000000000, lamina::ReLU> ?>::repeats<2000000000>::are_too_many
// EXPECT: a Repeat gives at most 1,000 layers
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Repeat<2'000'000'000, ln::ReLU>;
#else
using Second = ln::Repeat<2, ln::ReLU>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 10, 10>>;

#include "what_a_user_does.hpp"
