// A trainer whose memory does not fit on the stack.
// EXPECT: workspace<[0-9]+>::exceeds_the_stack_budget<[0-9]+>
// EXPECT: ln::TrainingMemory<Model, Optimizer>
#include <lamina/lamina.hpp>

#include <memory>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<32, 3, 1, 1>, ln::AvgPool<4, 4>, ln::Dense<10>>, ln::Shape<3, 96, 96>>;

void train(Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05}};
#else
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05}, *memory};
#endif
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(model, images).accuracy);
}
