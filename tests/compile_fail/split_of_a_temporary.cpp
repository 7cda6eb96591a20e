// A split of temporary data.
// EXPECT: data_set<lamina::([a-z0-9_]+::)?data::Images>::is_a_temporary
// EXPECT: the parts of a split point to the data: make a variable of the data, not a temporary
#include <lamina/lamina.hpp>

namespace ln = lamina;

std::size_t held_out() {
#ifdef SHOULD_NOT_COMPILE
    const auto parts = ln::data::split(ln::data::load_idx("digits").train, 0.1);
#else
    const auto data = ln::data::load_idx("digits");
    const auto parts = ln::data::split(data.train, 0.1);
#endif
    return parts.validation.size();
}
