// An activation without its derivative.
// EXPECT: layer<1, Cube>::has_no_slope
// EXPECT: an activation needs a `static constexpr auto slope
#include <lamina/core.hpp>

namespace ln = lamina;

struct Cube : ln::Elementwise<Cube> {
    static constexpr const char* name = "Cube";
    static constexpr auto value(auto x) { return x * x * x; }
#ifndef SHOULD_NOT_COMPILE
    static constexpr auto slope(auto y) {
        return y;
    }
#endif
};

ln::Model<ln::Net<ln::Dense<10>, Cube>, ln::Shape<12>> model;
