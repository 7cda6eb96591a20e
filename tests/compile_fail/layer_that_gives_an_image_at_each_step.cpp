// A layer of one's own that gives an image for a step of a sequence.
// EXPECT: layer<0, Picture.*>::gives<.*Shape<1, 1, 8> ?>::at_each_step_of_a_sequence
// EXPECT: each step of a sequence is a vector
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Picture {
    static constexpr std::string_view name = "Picture";

    template <class In>
#ifdef SHOULD_NOT_COMPILE
    using output = ln::Shape<1, 1, In::size>;
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
using Model = ln::Model<ln::Net<Picture, ln::Last, ln::Dense<10>>, ln::Sequence<10, ln::Shape<8>>>;

#include "what_a_user_does.hpp"
