// Data whose `validate` is not a template.
// EXPECT: data_set<Measured>::has_another_validate
// EXPECT: data with a `validate` need two
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<4>>;

struct Measured {
    [[nodiscard]] static std::size_t size() { return 2; }
    static void inputs(const auto&, auto x) { x[0] = 1.0F; }
    static void targets(const auto&, auto t) { t[0] = 1.0F; }
#ifdef SHOULD_NOT_COMPILE
    static void validate() {}
#else
    template <class In, class Out>
    static void validate(std::span<const std::uint32_t> = {}) {}
#endif
};

float train(Model& model, const Measured& data) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t first[] = {0, 1};
    return trainer.step(data, first);
}
