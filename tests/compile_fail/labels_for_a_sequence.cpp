// One label for a network that answers at each step of a sequence.
// EXPECT: data_set<.*Samples<float, .*>::has_not_one_label_for_each_answer_of<.*Sequence<30, .*Shape<3> ?> ?>
// EXPECT: the labels of a sample are a std::array<int, Steps>, or end the network with Last
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::GRU<8>, ln::Dense<3>>, ln::Sequence<30, ln::Shape<2>>>;

#ifdef SHOULD_NOT_COMPILE
std::vector<int> labels(8);
#else
std::vector<std::array<int, 30>> labels(8);
#endif
std::vector<Model::Input> inputs(8);

void train(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, ln::data::Samples{inputs, labels});
}
