// Freezing a layer by its index as an argument.
// EXPECT: deleted (member )?function '?.*freeze
// EXPECT: freeze<0>\(\) takes the index of a layer, freeze\("0"\) its name
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

void prepare(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    trainer.freeze(0);
#else
    trainer.freeze<0>();
#endif
}
