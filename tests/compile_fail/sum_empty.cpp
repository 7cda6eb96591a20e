// A Sum without branches.
// EXPECT: layer<1, lamina::Sum<> ?>::has_no_branches
// EXPECT: a Sum, Product, Concat or Outputs needs at least one branch
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Block = ln::Sum<>;
#else
using Block = ln::Sum<ln::Identity, ln::ReLU>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<16>, Block, ln::Dense<10>>, ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
