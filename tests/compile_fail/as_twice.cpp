// Two values of one name.
// EXPECT: layer<3, lamina::As<skip> ?>::is_named_already
// EXPECT: this name is taken: an As before it has given it
#include <lamina/core.hpp>

namespace ln = lamina;

struct skip;

#ifdef SHOULD_NOT_COMPILE
using Second = ln::As<skip>;
using Join = ln::Sum<ln::Identity, ln::From<skip>>;
#else
using Second = ln::As<struct later>;
using Join = ln::Sum<ln::From<struct later>, ln::From<skip>>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<16>, ln::As<skip>, ln::Dense<16>, Second, Join, ln::Dense<10>>,
                        ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
