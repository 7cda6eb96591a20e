// Training with cross entropy of a network that ends in a softmax.
// EXPECT: loss<.*SoftmaxCrossEntropy>::follows<.*Softmax>
// EXPECT: leave the Softmax out
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<10>, ln::Softmax>, ln::Shape<12>>;
#else
using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;
#endif

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, images, {.epochs = 2});
}
