// A layer without the gradient of its input.
// EXPECT: layer<1, Square ?>::has_no_input_gradient_on<lamina::Shape<8> ?>
// EXPECT: void input_gradient.auto x, auto y, auto dy, auto p, auto dx
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Square {
    static constexpr const char* name = "Square";
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        ln::kernels::map(
            y, [](auto e) { return e * e; }, x);
    }
#ifndef SHOULD_NOT_COMPILE
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        ln::kernels::map(
            dx, [](auto g, auto e) { return g * (e + e); }, dy, x);
    }
#endif
};
using Model = ln::Model<ln::Net<ln::Dense<8>, Square, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
