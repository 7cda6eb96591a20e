// A network with two outputs, and a loss for the first alone.
// EXPECT: head<1, .*Shape<1> ?>::has_no_loss
// EXPECT: an output without a loss
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr ln::Losses losses{ln::SoftmaxCrossEntropy{}};
#else
constexpr ln::Losses losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}};
#endif
using Model = ln::Model<ln::Net<ln::Dense<20>, ln::Outputs<ln::Dense<9>, ln::Dense<1>>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<10>>& data) {
    ln::Trainer trainer{model, losses, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(data, samples) + trainer.gradients()[0]);
    ln::fit(trainer, data, {.epochs = 2});
}
