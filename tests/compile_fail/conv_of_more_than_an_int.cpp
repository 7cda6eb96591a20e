// A convolution whose padded input is wider than an int can hold.
// EXPECT: layer<0, lamina::Conv<1, 2000000001, 1, 2000000000(, 1, 1)?> ?>::tensor<lamina::Shape<1, -1, 2000000001>
// ?>::is_not_a_shape EXPECT: are Shapes of at most 2,147,483,647 elements
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
ln::Model<ln::Net<ln::Conv<1, 2'000'000'001, 1, 2'000'000'000>>, ln::Shape<1, 400'000'000, 1>> model;
#else
ln::Model<ln::Net<ln::Conv<1, 5, 1, 2>>, ln::Shape<1, 4, 4>> model;
#endif
