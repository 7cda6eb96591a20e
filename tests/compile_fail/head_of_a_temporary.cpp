// A head of an output that is a temporary.
// EXPECT: a head is a view of the output: make a variable of that first
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Outputs<ln::Dense<9>, ln::Dense<1>>>, ln::Shape<12>>;

float value(const Model& model, const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    const auto value = Model::head<1>(model.forward(x));
#else
    const auto y = model.forward(x);
    const auto value = Model::head<1>(y);
#endif
    return value[0];
}
