// Validation data of another type than the training data.
// EXPECT: training_on<lamina::([a-z0-9_]+::)?data::Images>::validation<const lamina::([a-z0-9_]+::)?data::Subset<lamina::([a-z0-9_]+::)?data::Images> ?[*]>::is_not_one
// EXPECT: of the parts of a split, fit trains on parts.train with &parts.validation
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& data) {
    const auto parts = ln::data::split(data, 0.1, ln::seed{1});
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, data, {.epochs = 2, .validation = &parts.validation});
#else
    ln::fit(trainer, parts.train, {.epochs = 2, .validation = &parts.validation});
#endif
}
