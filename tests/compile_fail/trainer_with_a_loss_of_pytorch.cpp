// A loss by PyTorch's name.
// EXPECT: name_of_pytorch<lamina::CrossEntropyLoss<.*> ?>::means_SoftmaxCrossEntropy
// EXPECT: PyTorch's CrossEntropyLoss is ln::SoftmaxCrossEntropy{}
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<1, 28, 28>>;

double train(Model& model, const ln::data::Images& data) {
#ifdef SHOULD_NOT_COMPILE
    ln::Trainer trainer{model, ln::CrossEntropyLoss{}, ln::SGD{}};
#else
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#endif
    ln::fit(trainer, data, {.epochs = 5, .validation = &data});
    return ln::evaluate(model, data, trainer.loss).loss;
}
