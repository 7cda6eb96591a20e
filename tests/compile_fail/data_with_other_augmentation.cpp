// Augmented inputs without the epoch.
// EXPECT: data_set<Measured>::has_training_inputs_that_do_not_fit<lamina::Shape<4>, float>
// EXPECT: augmented inputs are a `void training_inputs
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
    [[nodiscard]] static std::size_t size() { return 2; }
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
#ifdef SHOULD_NOT_COMPILE
    static void training_inputs(const auto&, auto x) { x[0] = 2.0F; }
#else
    static void training_inputs(const auto&, auto x, int) { x[0] = 2.0F; }
#endif
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
};

float train(Model& model, const Measured& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
