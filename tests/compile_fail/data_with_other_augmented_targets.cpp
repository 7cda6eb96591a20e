// Augmented targets without the epoch.
// EXPECT: data_set<Measured>::has_training_targets_that_do_not_fit<lamina::Shape<3>, float>
// EXPECT: augmented targets are a `void training_targets
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
    [[nodiscard]] static std::size_t size() { return 2; }
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
#ifdef SHOULD_NOT_COMPILE
    static void training_targets(const auto&, auto t) { t[0] = 2.0F; }
#else
    static void training_targets(const auto&, auto t, int) { t[0] = 2.0F; }
#endif
};

float train(Model& model, const Measured& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
