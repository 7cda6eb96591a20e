// A convolution whose padded input is wider than an int can hold.
// EXPECT: layer<0, lamina::Conv<1, 2000000001, 1, 2000000000(, 1, 1)?> ?>::padded_input<4400000000, 4000000001>::is_too_large
// EXPECT: the input with its padding must have at most 2,147,483,647 rows times columns
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
ln::Model<ln::Net<ln::Conv<1, 2'000'000'001, 1, 2'000'000'000>>, ln::Shape<1, 400'000'000, 1>> model;
#else
ln::Model<ln::Net<ln::Conv<1, 5, 1, 2>>, ln::Shape<1, 4, 4>> model;
#endif
