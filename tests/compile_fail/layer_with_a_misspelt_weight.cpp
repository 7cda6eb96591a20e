// A layer with the gradient of a weight, but no weight.
// EXPECT: layer<1, Scaled>::has_a_parameter_gradient_without_a_weight_on<.*Shape<10> ?>
// EXPECT: needs a `template <class In> using weight`
#include <lamina/core.hpp>

namespace ln = lamina;

struct Scaled {
    static constexpr const char* name = "Scaled";
    static constexpr double initial_weight = 1;
    template <class In>
    using output = In;
    template <class In>
#ifdef SHOULD_NOT_COMPILE
    using weights = In;
#else
    using weight = In;
#endif
    static constexpr void forward(auto x, auto, auto y) {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto, auto, auto dy, auto, auto dx) {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
    static constexpr void parameter_gradient(auto, auto, auto, auto) {}
};

ln::Model<ln::Net<ln::Dense<10>, Scaled>, ln::Shape<12>> model;
