// An optimiser without a state.
// EXPECT: optimizer<Plain>::has_no_state_for<float>
// EXPECT: an optimiser needs a `template <class T, int Extent> struct State`
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Plain {
    double learning_rate = 0.1;
#ifndef SHOULD_NOT_COMPILE
    template <class T, int Extent>
    struct State {};
#endif
    template <class Memory>
    void update(float* parameters, const float* gradients, Memory&, double rate) const noexcept {
        parameters[0] -= static_cast<float>(rate) * gradients[0];
    }
};

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, Plain{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(images, samples) + trainer.gradients()[0]);
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(trainer.model(), images).accuracy);
}
