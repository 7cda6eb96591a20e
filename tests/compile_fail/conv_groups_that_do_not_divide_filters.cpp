// A convolution in groups that do not divide the filters.
// EXPECT: layer<1, lamina::Conv<6, 3, 1, 0, 1, 4> ?>::groups<4>::do_not_divide_filters<6>
// EXPECT: the groups must divide the filters
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::Conv<6, 3, 1, 0, 1, 4>;
#else
using Second = ln::Conv<12, 3, 1, 0, 1, 4>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<8, 3>, Second, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
