// A model that computes in integers.
// EXPECT: not_a_model_of<lamina::Net<lamina::Dense<10> ?>, lamina::Shape<12>, int>
// EXPECT: float or double
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Number = int;
#else
using Number = float;
#endif
using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>, Number>;

#include "what_a_user_does.hpp"
