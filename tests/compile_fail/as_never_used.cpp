// An As whose value no From uses.
// EXPECT: layer<1, lamina::As<skip> ?>::is_never_used
// EXPECT: no From uses the value that this As names
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct skip;

#ifdef SHOULD_NOT_COMPILE
using Join = ln::Sum<ln::Identity, ln::Dense<16>>;
#else
using Join = ln::Sum<ln::From<skip>, ln::Dense<16>>;
#endif
using Model =
    ln::Model<ln::Net<ln::Dense<16>, ln::As<skip>, ln::Dense<16>, Join, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
