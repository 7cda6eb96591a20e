// A Concat of sequences that differ in length.
// EXPECT: layer<0, lamina::Concat<.*> ?>::branch<1>::gives<.*Sequence<62, .*Shape<4> ?> ?>::beside<.*Sequence<64, .*Shape<8> ?> ?>
// EXPECT: or length
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Branch = ln::Conv1D<4, 3>;
#else
using Branch = ln::CausalConv<4, 3>;
#endif
using Model = ln::Model<ln::Net<ln::Concat<ln::GRU<8>, Branch>, ln::Last>, ln::Sequence<64, ln::Shape<2>>>;

#include "what_a_user_does.hpp"
