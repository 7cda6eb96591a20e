// Labels for a network with two outputs.
// EXPECT: data_set<.*Images>::has_labels_for_several_outputs<2>
// EXPECT: a label is the target of one output
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Data = ln::data::Images;
#else
using Data = ln::data::Samples<float, ln::Shape<12>, ln::Shape<10>>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<20>, ln::Outputs<ln::Dense<9>, ln::Dense<1>>>, ln::Shape<12>>;

void train(Model& model, const Data& data) {
    ln::Trainer trainer{model, ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2});
}
