// A Repeat with a count of 0.
// EXPECT: layer<1, lamina::Repeat<0, .*> ?>::repeats<0>::must_be_at_least_once
// EXPECT: a Repeat has a count of at least 1
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int blocks = 0;
#else
constexpr int blocks = 2;
#endif
using Model = ln::Model<ln::Net<ln::Dense<8>, ln::Repeat<blocks, ln::Dense<8>, ln::ReLU>, ln::Dense<10>>,
                        ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
