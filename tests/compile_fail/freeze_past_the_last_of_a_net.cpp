// Freezing a layer past the last of a Net inside the network.
// EXPECT: deleted (member )?function '?.*freeze.*I = [{<]1, 2[>}]
// EXPECT: there is no layer I, or it has no weight to freeze: see Model::layers
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<16, 3>, ln::Net<ln::Dense<8>, ln::Tanh>, ln::Dense<10>>, ln::Shape<1, 28, 28>>;

void prepare(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    trainer.freeze<1, 2>();
#else
    trainer.freeze<1, 0>();
#endif
}
