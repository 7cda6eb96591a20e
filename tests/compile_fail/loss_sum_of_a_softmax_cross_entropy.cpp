// A sum of losses one of which reads its gradient back.
// EXPECT: loss<.*SoftmaxCrossEntropy>::cannot_be_summed
// EXPECT: a LossSum takes losses that only write their gradient
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<12>>;

#ifdef SHOULD_NOT_COMPILE
const ln::LossSum loss{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}};
#else
const ln::LossSum loss{ln::BinaryCrossEntropy{}, ln::MeanSquaredError{}};
#endif

void train(Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<3>>& data) {
    ln::Trainer trainer{model, loss.weighted(1, 0.1), ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2});
    (void)ln::evaluate(model, data, loss);
}
