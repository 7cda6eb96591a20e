// A trainer of a topology instead of a model.
// EXPECT: trainer<.*Net<.*> ?>::is_not_of_a_model
// EXPECT: a Trainer trains a Model<Net<Layers...>, Shape<...>>
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Net = ln::Net<ln::Dense<10>>;
using Model = ln::Model<Net, ln::Shape<12>>;

void train(const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    Net model;
#else
    Model model{ln::seed{42}};
#endif
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, images, {.epochs = 2});
}
