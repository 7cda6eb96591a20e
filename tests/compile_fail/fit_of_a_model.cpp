// `fit` of a model instead of a trainer.
// EXPECT: trainer<.*Model<.*>::is_not_one
// EXPECT: fit takes a Trainer{model, loss, optimiser}, the data, and options
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    ln::fit(model, images, {.epochs = 2});
#else
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, images, {.epochs = 2});
#endif
}
