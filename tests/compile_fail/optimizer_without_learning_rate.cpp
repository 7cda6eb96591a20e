// An optimiser without a learning rate.
// EXPECT: optimizer<Plain>::has_no_learning_rate
// EXPECT: an optimiser needs a number `learning_rate`
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Plain {
#ifndef SHOULD_NOT_COMPILE
    double learning_rate = 0.1;
#endif
    template <class T, int Extent>
    struct State {};
    template <class T, class Memory>
    void update(T* parameters, const T* gradients, Memory& /*state*/, double rate) const noexcept {
        parameters[0] -= static_cast<T>(rate) * gradients[0];
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
