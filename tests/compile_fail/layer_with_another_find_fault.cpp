// A layer whose `find_fault` returns a bool.
// EXPECT: layer<1, Halved>::has_a_find_fault_that_returns<bool>
// EXPECT: returns `none{}` or a `fault<Problem>{}`
#include <lamina/core.hpp>

namespace ln = lamina;

struct Halved {
    static constexpr const char* name = "Halved";
    template <class In, class Where>
    static consteval auto find_fault() {
#ifdef SHOULD_NOT_COMPILE
        return In::size % 2 == 0;
#else
        return ln::none{};
#endif
    }
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

ln::Model<ln::Net<ln::Dense<10>, Halved>, ln::Shape<12>> model;
