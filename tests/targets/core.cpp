// A network that is trained and asked, by the core alone: what a program compiles once for each instruction
// set.
#include <lamina/core.hpp>

#include <cstdint>

namespace ln = lamina;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<6, 3>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Tanh,
                                ln::AvgPool<2, 1>, ln::Dense<4>, ln::Sigmoid, ln::Dense<3>>,
                        ln::Shape<1, 8, 8>>;

struct Data {
    [[nodiscard]] std::size_t size() const { return 2; }
    void inputs(const std::uint32_t (&)[ln::native_lanes<float>], auto x) const {
        for (int i = 0; i < x.size; ++i)
            x[i] = 1;
    }
    void targets(const std::uint32_t (&)[ln::native_lanes<float>], auto t) const {
        for (int i = 0; i < t.size; ++i)
            t[i] = i == 0 ? 1 : 0;
    }
};

template <class Loss, class Optimizer>
float learn(Model& model, Loss loss, Optimizer optimizer) {
    ln::Trainer trainer{model, loss, optimizer};
    const std::uint32_t samples[] = {0, 1};
    return trainer.step(Data{}, samples, ln::StepDecay{}(0.1, 5), 0.01);
}

} // namespace

float FUNCTION(const float* image) {
    static Model model{ln::seed{1}};
    Model::Input x;
    for (int i = 0; i < x.size; ++i)
        x[i] = image[i];
    const Model::Input inputs[3] = {x, x, x};
    Model::Output outputs[3];
    model.forward(inputs, outputs);
    float sum =
        learn(model, ln::SoftmaxCrossEntropy{}, ln::SGD{}) + learn(model, ln::MeanSquaredError{}, ln::Adam{});
    sum += learn(model, ln::WeightedCrossEntropy<3>{.class_weights = {1, 2, 3}}, ln::SGD{});
    sum += learn(model, ln::BinaryCrossEntropy{}, ln::SGD{}) + learn(model, ln::Huber{}, ln::SGD{});
    sum += learn(model, ln::MeanAbsoluteError{}, ln::SGD{});
    sum += learn(model, ln::LossSum{ln::ESR{}, ln::DC{}}, ln::SGD{});
    using Normed = ln::Model<ln::Net<ln::Dense<4>, ln::BatchNorm<>, ln::Dropout<>>, ln::Shape<2>>;
    sum += ln::fold(Normed{ln::seed{1}}).bias<0>()[0];
    return sum + model.forward(x)[0] + outputs[0][0];
}
