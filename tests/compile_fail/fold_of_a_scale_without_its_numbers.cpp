// Folding a layer that only scales and does not say by how much.
// EXPECT: layer<1, Gain ?>::has_no_scale_and_shift
// EXPECT: to be folded, a layer with `only_scales` needs
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Gain : ln::Elementwise<Gain> {
    static constexpr const char* name = "Gain";
    static constexpr bool only_scales = true;
    static constexpr auto value(auto x) noexcept { return x + x; }
    static constexpr auto slope(auto y) noexcept { return decltype(y)(2); }
#ifndef SHOULD_NOT_COMPILE
    static constexpr ln::ScaleAndShift scale_and_shift(int /*channel*/, auto /*p*/, auto /*kept*/) noexcept {
        return {2, 0};
    }
#endif
};
using Model = ln::Model<ln::Net<ln::Dense<8>, Gain, ln::Tanh, ln::Dense<10>>, ln::Shape<12>>;

auto deployed(const Model& model) {
    return ln::fold(model);
}
