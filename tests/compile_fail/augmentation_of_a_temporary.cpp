// Augmentation of temporary data.
// EXPECT: data_set<lamina::([a-z0-9_]+::)?data::Images>::is_a_temporary
// EXPECT: make a variable of the data, not a temporary
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Noisy : ln::data::Over<ln::data::Images> {
    using Over::Over;
};

std::size_t noisy_samples() {
#ifdef SHOULD_NOT_COMPILE
    const Noisy noisy{ln::data::load_idx("digits").train};
#else
    const auto data = ln::data::load_idx("digits");
    const Noisy noisy{data.train};
#endif
    return noisy.size();
}
