// Cross entropy of a single output.
// EXPECT: loss<.*SoftmaxCrossEntropy>::needs_more_scores_than<.*Shape<1> ?>
// EXPECT: use BinaryCrossEntropy
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<12>>;

void train(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#else
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{}};
#endif
    trainer.update(0.1);
}
