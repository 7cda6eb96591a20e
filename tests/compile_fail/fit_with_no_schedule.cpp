// An optimiser in place of a schedule.
// EXPECT: schedule<lamina::([a-z0-9_]+::)?SGD>::is_not_one
// EXPECT: a schedule takes the learning rate
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.epochs = 2, .schedule = ln::SGD{}});
#else
    ln::fit(trainer, images, {.epochs = 2, .schedule = ln::StepDecay{}});
#endif
}
