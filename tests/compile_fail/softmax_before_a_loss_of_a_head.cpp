// A loss of scores for an output that ends in a softmax.
// EXPECT: loss<.*SoftmaxCrossEntropy, .*of_head<1> ?>::follows<.*Softmax>
// EXPECT: leave the Softmax out
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Policy = ln::Net<ln::Dense<9>, ln::Softmax>;
#else
using Policy = ln::Dense<9>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<20>, ln::Outputs<ln::Dense<1>, Policy>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<10>>& data) {
    ln::Trainer trainer{model, ln::Losses{ln::MeanSquaredError{}, ln::SoftmaxCrossEntropy{}}, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2});
}
