// One loss for a network with two outputs.
// EXPECT: loss<.*MeanSquaredError>::is_one_for_several_outputs<2>
// EXPECT: needs a loss for each of them, in their order: ln::Losses
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr ln::MeanSquaredError loss{};
#else
constexpr ln::Losses loss{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}};
#endif
using Model = ln::Model<ln::Net<ln::Dense<20>, ln::Outputs<ln::Dense<9>, ln::Dense<1>>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<10>>& data) {
    ln::Trainer trainer{model, loss, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2});
}
