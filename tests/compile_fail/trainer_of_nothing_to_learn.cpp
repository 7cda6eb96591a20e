// Training a network without parameters.
// EXPECT: network_has_nothing_to_learn<lamina::Net<lamina::ReLU> ?>
// EXPECT: a Trainer needs a layer with weights
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Topology = ln::Net<ln::ReLU>;
#else
using Topology = ln::Net<ln::ReLU, ln::Dense<10>>;
#endif
using Model = ln::Model<Topology, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(images, samples) + trainer.gradients()[0]);
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(trainer.model(), images).accuracy);
}
