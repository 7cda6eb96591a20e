// A learning rate given to the trainer instead of the optimiser.
// EXPECT: trainer<.*>::is_not_made_of<.*SGD, double>
// EXPECT: a loss, an optimiser and, optionally, their TrainingMemory
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}, 0.1};
#else
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1}};
#endif
    trainer.update(0.1);
}
