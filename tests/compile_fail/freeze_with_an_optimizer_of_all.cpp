// Freezing a layer with an optimiser that updates all parameters.
// EXPECT: optimizer<Plain>::cannot_freeze_layers<float>
// EXPECT: to freeze layers, an optimiser's update needs a last parameter `MovingTensors moving`
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Plain {
    double learning_rate = 0.1;
    template <class T, int Extent>
    struct State {};
#ifdef SHOULD_NOT_COMPILE
    template <class T, int Extent>
    void update(T* parameters, const T* gradients, State<T, Extent>& /*state*/, double rate) const noexcept {
        for (int i = 0; i < Extent; ++i)
            parameters[i] -= static_cast<T>(rate) * gradients[i];
    }
#else
    template <class T, int Extent>
    void update(T* parameters, const T* gradients, State<T, Extent>& /*state*/, double rate,
                ln::MovingTensors moving) const noexcept {
        for (const ln::ParameterTensor& tensor : moving)
            for (int i = tensor.from; i < tensor.to; ++i)
                parameters[i] -= static_cast<T>(rate) * gradients[i];
    }
#endif
};

using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<10>>, ln::Shape<12>>;

void prepare(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, Plain{}};
    trainer.freeze<0>();
}
