// A transposed convolution whose output is too large before its padding is cut off.
// EXPECT: layer<1, lamina::TransposedConv<4, 3, 1, .*2000000000.*> ?>::uncut_output<4000000008,
// 4000000008>::is_too_large EXPECT: before its padding is cut off, the output must have at most 2,147,483,647
// rows times columns
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::TransposedConv<4, 3, 1, ln::same, 2'000'000'000>;
#else
using Second = ln::TransposedConv<4, 3, 1, ln::same, 2>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<4, 3>, Second, ln::Dense<10>>, ln::Shape<1, 10, 10>>;

#include "what_a_user_does.hpp"
