// Data that write inputs to an array instead of the lanes of packs.
// EXPECT: data_set<Measured>::has_inputs_that_do_not_fit<lamina::Shape<4>, float>
// EXPECT: in a type of your own: `void inputs\(const auto& indices, auto x\) const`
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
    [[nodiscard]] static std::size_t size() { return 2; }
#ifdef SHOULD_NOT_COMPILE
    static void inputs(const auto&, float* x) { x[0] = 1.0F; }
#else
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
#endif
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
};

float train(Model& model, const Measured& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
