// A trainer whose memory does not fit on the stack, because BatchNorm needs the activations of the whole batch.
// EXPECT: workspace<[0-9]+>::exceeds_the_stack_budget<[0-9]+>
// EXPECT: with BatchNorm TrainingMemory<Model, Optimizer, Batch>
#include <lamina/core.hpp>

#include <memory>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

void train(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#else
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD, 128>>(); // batches of up to 128
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}, *memory};
#endif
    trainer.update(0.01);
}
