// An option of `fit` under the name that PyTorch and Keras give it.
// EXPECT: batch_size<int>::is_no_option
// EXPECT: the batch size is \.batch
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.epochs = 2, .batch_size = 32, .validation = &images});
#else
    ln::fit(trainer, images, {.epochs = 2, .batch = 32, .validation = &images});
#endif
}
