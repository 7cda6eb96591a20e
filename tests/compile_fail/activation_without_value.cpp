// An activation without its formula.
// EXPECT: layer<1, Cube>::has_no_value
// EXPECT: an activation needs a `static constexpr auto value
#include <lamina/core.hpp>

namespace ln = lamina;

struct Cube : ln::Elementwise<Cube> {
    static constexpr const char* name = "Cube";
#ifndef SHOULD_NOT_COMPILE
    static constexpr auto value(auto x) {
        return x * x * x;
    }
#endif
    static constexpr auto slope(auto y) {
        return y;
    }
};

ln::Model<ln::Net<ln::Dense<10>, Cube>, ln::Shape<12>> model;
