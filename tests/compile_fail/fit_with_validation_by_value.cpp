// Validation data in place of a pointer to them.
// EXPECT: training_on<lamina::([a-z0-9_]+::)?data::Images>::validation<lamina::([a-z0-9_]+::)?data::Images>::is_not_one
// EXPECT: validation takes a pointer to data of the type that training is on: &data.test
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Split& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, data.train, {.epochs = 2, .validation = data.test});
#else
    ln::fit(trainer, data.train, {.epochs = 2, .validation = &data.test});
#endif
}
