// A pool whose padding makes its input too large.
// EXPECT: layer<1, lamina::MaxPool<2000000000, 1, .*> ?>::padded_input<2000000007, 2000000007>::is_too_large
// EXPECT: the input with its padding must have at most 2,147,483,647 rows times columns
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::MaxPool<2'000'000'000, 1, ln::same>;
#else
using Second = ln::MaxPool<2, 1, ln::same>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 10, 10>>;

#include "what_a_user_does.hpp"
