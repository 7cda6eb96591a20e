// A trainer of a temporary model.
// EXPECT: trainer<.*>::is_not_made_of<.*Model<.*SoftmaxCrossEntropy, .*SGD>
// EXPECT: a model that outlives it
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{Model{ln::seed{42}}, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#else
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#endif
    ln::fit(trainer, images, {.epochs = 2});
}
