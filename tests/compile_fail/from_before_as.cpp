// A From before the As that names its value.
// EXPECT: layer<1, lamina::From<skip> ?>::is_not_named_before
// EXPECT: no As before this From gives that name
#include <lamina/core.hpp>

namespace ln = lamina;

struct skip;

#ifdef SHOULD_NOT_COMPILE
using Layers = ln::Net<ln::Dense<16>, ln::From<skip>, ln::As<skip>, ln::Dense<10>>;
#else
using Layers = ln::Net<ln::Dense<16>, ln::As<skip>, ln::Sum<ln::From<skip>, ln::ReLU>, ln::Dense<10>>;
#endif
using Model = ln::Model<Layers, ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
