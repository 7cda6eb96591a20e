// An activation that derives from the base of another one.
// EXPECT: layer<1, Cube>::is_elementwise<.*ReLU>::instead_of_itself
// EXPECT: an activation must derive from Elementwise of itself
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
struct Cube : ln::Elementwise<ln::ReLU> {
#else
struct Cube : ln::Elementwise<Cube> {
#endif
    static constexpr const char* name = "Cube";
    static constexpr auto value(auto x) {
        return x * x * x;
    }
    static constexpr auto slope(auto y) {
        return y;
    }
};

ln::Model<ln::Net<ln::Dense<10>, Cube>, ln::Shape<12>> model;
