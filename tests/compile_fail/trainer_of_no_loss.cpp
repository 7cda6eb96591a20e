// A trainer with an optimiser in place of the loss.
// EXPECT: loss<lamina::([a-z0-9_]+::)?SGD>::is_not_one_on<lamina::Shape<10>, float>
// EXPECT: a loss needs a `loss_and_gradient
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Loss = ln::SGD;
#else
using Loss = ln::SoftmaxCrossEntropy;
#endif
using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, Loss{}, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(images, samples) + trainer.gradients()[0]);
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(trainer.model(), images).accuracy);
}
