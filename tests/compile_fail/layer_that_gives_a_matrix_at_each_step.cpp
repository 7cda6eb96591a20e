// A layer of one's own that gives neither a vector nor an image for a step of a sequence.
// EXPECT: layer<0, Matrix.*>::gives<.*Shape<1, 8> ?>::at_each_step_of_a_sequence
// EXPECT: each step of a sequence is a vector or an image
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Matrix {
    static constexpr std::string_view name = "Matrix";

    template <class In>
#ifdef SHOULD_NOT_COMPILE
    using output = ln::Shape<1, In::size>;
#else
    using output = In;
#endif
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};
using Model = ln::Model<ln::Net<Matrix, ln::Last, ln::Dense<10>>, ln::Sequence<10, ln::Shape<8>>>;

#include "what_a_user_does.hpp"
