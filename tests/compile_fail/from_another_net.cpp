// A From of a value that is named in a Net beside its own.
// EXPECT: layer<1, lamina::From<skip>, lamina::problem::inside<1> ?>::is_not_named_before
// EXPECT: an As names a value in its own Net, and in
#include <lamina/core.hpp>

namespace ln = lamina;

struct skip;

#ifdef SHOULD_NOT_COMPILE
using Encoder = ln::Net<ln::Dense<16>, ln::As<skip>, ln::Sum<ln::Dense<16>, ln::From<skip>>>;
using Model =
    ln::Model<ln::Net<Encoder, ln::Sum<ln::Dense<16>, ln::From<skip>>, ln::Dense<10>>, ln::Shape<12>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<16>, ln::As<skip>, ln::Dense<16>,
                                ln::Sum<ln::Dense<16>, ln::From<skip>>, ln::Dense<10>>,
                        ln::Shape<12>>;
#endif

float first(const Model& model) {
    return model.forward({})[0];
}
