// A Sum of branches whose outputs differ in shape.
// EXPECT: layer<1, lamina::Sum<.*> ?>::branch<1>::gives<.*Shape<16, 7, 7> ?>::where_others_give<.*Shape<16, 9, 9> ?>
// EXPECT: all branches of a Sum or a Product have outputs of the same shape
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Block = ln::Residual<ln::Conv<16, 3>, ln::ReLU>;
#else
using Block = ln::Residual<ln::Conv<16, 3, 1, 1>, ln::ReLU>;
#endif
using Model = ln::Model<ln::Net<ln::Conv<16, 1>, Block, ln::Dense<10>>, ln::Shape<1, 9, 9>>;

#include "what_a_user_does.hpp"
