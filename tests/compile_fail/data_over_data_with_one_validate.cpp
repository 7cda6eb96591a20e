// Augmentation of data with only one of the two forms of `validate`.
// EXPECT: data_set<Shifted>::has_another_validate
// EXPECT: data with a `validate` need two
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
    [[nodiscard]] static std::size_t size() { return 2; }
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
    template <class In, class Out>
    static void validate() {}
#ifndef SHOULD_NOT_COMPILE
    template <class In, class Out>
    static void validate(std::span<const std::uint32_t>) {}
#endif
};
struct Shifted : ln::data::Over<Measured> {
    using Over::Over;
};

float train(Model& model, const Shifted& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
