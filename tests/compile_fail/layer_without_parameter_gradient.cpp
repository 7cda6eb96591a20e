// A layer with a weight, but no gradient for it.
// EXPECT: layer<1, Scale ?>::has_no_parameter_gradient_on<lamina::Shape<8> ?>
// EXPECT: a layer with a weight, or a list `trained`, needs
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Scale {
    static constexpr const char* name = "Scale";
    template <class In>
    using output = In;
    template <class In>
    using weight = ln::Shape<1>;
    static constexpr double initial_weight = 1;
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        ln::kernels::map(
            y, [&](auto e) { return e * p.weight[0]; }, x);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        ln::kernels::map(
            dx, [&](auto g) { return g * p.weight[0]; }, dy);
    }
#ifndef SHOULD_NOT_COMPILE
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) noexcept {
        for (int i = 0; i < x.size; ++i)
            dp.weight[0] += ln::lane_sum(x[i] * dy[i]);
    }
#endif
};
using Model = ln::Model<ln::Net<ln::Dense<8>, Scale, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
