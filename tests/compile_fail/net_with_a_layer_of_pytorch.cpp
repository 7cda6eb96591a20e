// A layer by PyTorch's name.
// EXPECT: name_of_pytorch<lamina::problem::layer<0, lamina::Conv2d<.*> ?> ?>::means_Conv
// EXPECT: PyTorch's Conv2d is ln::Conv<filters, kernel, stride, padding>
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Conv2d<1, 16, 5>, ln::ReLU, ln::MaxPool2d<2>, ln::Linear<10>>, ln::Shape<1, 28, 28>>;
#else
using Model = ln::Model<ln::Net<ln::Conv<16, 5>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 28, 28>>;
#endif

double train(const ln::data::Images& data) {
    Model model{ln::seed{42}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 5, .validation = &data});
    return ln::evaluate(model, data).loss;
}
