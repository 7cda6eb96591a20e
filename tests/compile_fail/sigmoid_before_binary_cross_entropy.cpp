// Training with binary cross entropy of a network that ends in a sigmoid.
// EXPECT: loss<.*BinaryCrossEntropy>::needs_logits_but_follows<.*Sigmoid>
// EXPECT: leave the last Sigmoid or Softmax
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<1>, ln::Sigmoid>, ln::Shape<12>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<12>>;
#endif

void train(Model& model) {
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{}};
    trainer.update(0.1);
}
