// A trainer of a const model.
// EXPECT: model_to_train_is_const<lamina::Net<lamina::Dense<10> ?> ?>
// EXPECT: a Trainer needs a model that is not const
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;
#ifdef SHOULD_NOT_COMPILE
using Given = const Model;
#else
using Given = Model;
#endif

void train(Given& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t samples[] = {0, 1};
    std::printf("%g", trainer.step(images, samples) + trainer.gradients()[0]);
    ln::fit(trainer, images, {.epochs = 2});
    std::printf("%g", ln::evaluate(trainer.model(), images).accuracy);
}
