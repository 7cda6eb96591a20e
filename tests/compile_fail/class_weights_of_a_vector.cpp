// Class weights in a vector, whose size the compiler does not know.
// EXPECT: class_weights<std::vector<double.*>::are_not_a_list_of_known_size
// EXPECT: class_weights are a std::array<double, Classes> or a list in braces
#include <lamina/dynamic/trainer.hpp>
#include <lamina/lamina.hpp>

#include <array>
#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<12>>;

double train(Model& model, const std::vector<Model::Input>& inputs, const std::vector<int>& labels) {
    const ln::data::Samples data{inputs, labels};
#ifdef SHOULD_NOT_COMPILE
    std::vector<double> weights(3);
#else
    std::array<double, 3> weights{};
#endif
    for (const int label : labels)
        ++weights[static_cast<std::size_t>(label)];
    ln::Trainer trainer{model, ln::WeightedCrossEntropy{weights}, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 5, .validation = &data});
    ln::dynamic::Network net{"12 Dense<3>", ln::seed{1}};
    ln::Trainer of_net{net, trainer.loss, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return ln::evaluate(model, data, trainer.loss).loss + of_net.step(data, first);
}
