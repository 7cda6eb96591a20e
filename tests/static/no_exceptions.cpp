// The core as firmware would use it: built with -fno-exceptions -fno-rtti, linked to nothing.
#include <lamina/core.hpp>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

int main() {
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1f}};
    return model.forward({}).size == 10 ? 0 : 1;
}
