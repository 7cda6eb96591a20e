// An option that `fit` does not have.
// EXPECT: FitOptions<lamina::([a-z0-9_]+::)?data::Images>|no matching function for call to .fit.
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.epochs = 2, .momentum = 0.9});
#else
    ln::fit(trainer, images, {.epochs = 2});
#endif
}
