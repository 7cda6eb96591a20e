// A model whose topology and input shape are swapped.
// EXPECT: not_a_model_of<lamina::Shape<12>, lamina::Net<lamina::Dense<10> ?>, float>
// EXPECT: a Model takes a Net
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Shape<12>, ln::Net<ln::Dense<10>>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;
#endif

#include "what_a_user_does.hpp"
