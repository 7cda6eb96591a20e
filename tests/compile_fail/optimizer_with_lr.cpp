// A learning rate under the name that PyTorch gives it.
// EXPECT: lr<double>::is_no_option
// EXPECT: the learning rate is a setting of the optimiser, by name: ln::SGD\{\.learning_rate = 0\.1\}
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.lr = 0.1, .momentum = 0.9}};
#else
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1, .momentum = 0.9}};
#endif
    ln::fit(trainer, images);
}
