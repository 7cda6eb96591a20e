// Augmentation under a name that fit does not call.
// EXPECT: data_set<.*Mirrored>::has_training_inputs_that_do_not_fit<lamina::Shape<12>, float>
// EXPECT: augmented inputs are a `void training_inputs.const auto& indices, auto x, int epoch. const`
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

struct Mirrored : ln::data::Over<ln::data::Images> {
    using Over::Over;
#ifdef SHOULD_NOT_COMPILE
    void train_inputs(const auto& indices, auto x, int) const {
#else
    void training_inputs(const auto& indices, auto x, int) const {
#endif
        inputs(indices, x);
        for (int i = 0; i < x.size / 2; ++i)
            std::swap(x[i], x[x.size - 1 - i]);
    }
};

void train(Model& model, const Mirrored& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(trainer, data);
}
