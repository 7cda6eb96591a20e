// The weight of a layer without weights, in a Net inside the network.
// EXPECT: deleted (member )?function '?.*weight.*I = [{<]1, 1[>}]
// EXPECT: there is no layer I, or it has no weight: see Model::layers
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<16, 3>, ln::Net<ln::Dense<8>, ln::Tanh>, ln::Dense<10>>, ln::Shape<1, 28, 28>>;

float first(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    return model.weight<1, 1>()(0, 0);
#else
    return model.weight<1, 0>()(0, 0);
#endif
}
