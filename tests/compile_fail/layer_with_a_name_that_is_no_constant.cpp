// A layer whose name is not a constant.
// EXPECT: layer<1, Copied>::has_no_name
// EXPECT: static constexpr const char\* name
#include <lamina/core.hpp>

#include <string>

namespace ln = lamina;

struct Copied {
#ifdef SHOULD_NOT_COMPILE
    static inline const std::string name = "Copied";
#else
    static constexpr const char* name = "Copied";
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

ln::Model<ln::Net<ln::Dense<10>, Copied>, ln::Shape<12>> model;
