// A kernel larger than its input, in a network that is a layer of another one.
// EXPECT: layer<0, lamina::Conv<16, 5(, 1, 0(, 1, 1)?)?>, lamina::problem::inside<1, 0> ?>::kernel<5, 5>::does_not_fit_its_input<4, 4>
// EXPECT: kernel is larger than its input
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Block = ln::Net<ln::Net<ln::Conv<16, 5>, ln::ReLU>, ln::Conv<8, 1>>;
#else
using Block = ln::Net<ln::Net<ln::Conv<16, 3>, ln::ReLU>, ln::Conv<8, 1>>;
#endif
using Model = ln::Model<ln::Net<ln::MaxPool<2, 2>, Block, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
