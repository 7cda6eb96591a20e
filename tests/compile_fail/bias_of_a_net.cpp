// The bias of a Net instead of that of a layer in it.
// EXPECT: deleted (member )?function '?.*bias.*I = [{<]1[>}]
// EXPECT: there is no layer I, or it has no bias: see Model::layers
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<16, 3>, ln::Net<ln::Dense<8>, ln::Tanh>, ln::Dense<10>>, ln::Shape<1, 28, 28>>;

float first(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    return model.bias<1>()(0);
#else
    return model.bias<1, 0>()(0);
#endif
}
