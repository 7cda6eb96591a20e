// Data without a size.
// EXPECT: data_set<Measured>::has_no_size
// EXPECT: data need a `std::size_t size\(\) const`
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
#ifndef SHOULD_NOT_COMPILE
    [[nodiscard]] static std::size_t size() { return 2; }
#endif
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
};

float train(Model& model, const Measured& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
