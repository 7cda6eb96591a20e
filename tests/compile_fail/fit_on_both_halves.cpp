// `fit` on training and test images together.
// EXPECT: data_set<lamina::([a-z0-9_]+::)?data::Split>::is_not_one
// EXPECT: fit and evaluate take data: one part of load_idx or data::split \(such as .train\)
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

void train(Model& model, const ln::data::Split& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, data);
#else
    ln::fit(trainer, data.train);
#endif
}
