// A layer with a non-static member.
// EXPECT: layer<1, Scaled>::has_state
// EXPECT: a layer must be an empty type
#include <lamina/core.hpp>

namespace ln = lamina;

struct Scaled {
    static constexpr const char* name = "Scaled";
#ifdef SHOULD_NOT_COMPILE
    float factor = 2;
#else
    static constexpr float factor = 2;
#endif
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

ln::Model<ln::Net<ln::Dense<10>, Scaled>, ln::Shape<12>> model;
