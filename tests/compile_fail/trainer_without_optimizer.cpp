// A trainer without an optimiser.
// EXPECT: trainer<.*>::needs_an_optimizer
// EXPECT: a Trainer takes a model, a loss and an optimiser
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}};
#else
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#endif
    ln::fit(trainer, images, {.epochs = 2});
}
