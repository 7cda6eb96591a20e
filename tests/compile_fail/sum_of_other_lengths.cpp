// A Sum of sequences that differ in length.
// EXPECT: layer<0, lamina::Sum<.*> ?>::branch<1>::gives<.*Sequence<62, .*Shape<8> ?> ?>::where_others_give<.*Sequence<64, .*Shape<8> ?> ?>
// EXPECT: all branches of a Sum or a Product have outputs of the same shape
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Branch = ln::Conv1D<8, 3>;
#else
using Branch = ln::Conv1D<8, 3, 1, 1>;
#endif
using Model = ln::Model<ln::Net<ln::Sum<ln::GRU<8>, Branch>, ln::Last>, ln::Sequence<64, ln::Shape<2>>>;

#include "what_a_user_does.hpp"
