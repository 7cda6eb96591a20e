// Checkpoints in place of a pointer to them.
// EXPECT: checkpoints<lamina::([a-z0-9_]+::)?Checkpoints<.*> ?>::is_not_one
// EXPECT: checkpoints takes a pointer to ln::Checkpoints
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Checkpoints checkpoints{trainer, {.last = "run.checkpoint"}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.epochs = 2, .checkpoints = checkpoints});
#else
    ln::fit(trainer, images, {.epochs = 2, .checkpoints = &checkpoints});
#endif
}
