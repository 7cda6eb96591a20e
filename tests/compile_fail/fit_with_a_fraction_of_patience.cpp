// Patience of a fraction of an epoch.
// EXPECT: patience<double>::is_not_a_number_of_epochs
// EXPECT: patience is a number of epochs, an integer
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images, const ln::data::Images& unseen) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.epochs = 50, .validation = &unseen, .patience = 5.5});
#else
    ln::fit(trainer, images, {.epochs = 50, .validation = &unseen, .patience = 5});
#endif
}
