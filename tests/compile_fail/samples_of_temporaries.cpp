// Samples of temporary inputs.
// EXPECT: samples<.*Tensor<float, lamina::Shape<4>.*>::would_outlive_a_temporary
// EXPECT: data::Samples own nothing: pass variables that outlive them
#include <lamina/core.hpp>
#include <lamina/dynamic/trainer.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;
std::vector<Model::Input> measure();

float train(Model& model, const std::vector<int>& labels) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
#ifdef SHOULD_NOT_COMPILE
    const ln::data::Samples samples{measure(), labels};
#else
    const std::vector<Model::Input> inputs = measure();
    const ln::data::Samples samples{inputs, labels};
#endif
    ln::dynamic::Network net{"4 Dense<3>", ln::seed{1}};
    ln::Trainer of_net{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    return trainer.step(samples, first) + of_net.step(samples, first);
}
