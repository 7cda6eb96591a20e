// An activation with its derivative both from its output and from its input.
// EXPECT: layer<1, Cube>::has_two_slopes
// EXPECT: an activation has a `slope.auto y.`, its derivative from its output, or a
#include <lamina/core.hpp>

namespace ln = lamina;

struct Cube : ln::Elementwise<Cube> {
    static constexpr const char* name = "Cube";
    static constexpr auto value(auto x) { return x * x * x; }
    static constexpr auto slope_of_input(auto x) { return decltype(x)(3) * x * x; }
#ifdef SHOULD_NOT_COMPILE
    static constexpr auto slope(auto y) {
        return y;
    }
#endif
};

ln::Model<ln::Net<ln::Dense<10>, Cube>, ln::Shape<12>> model;
