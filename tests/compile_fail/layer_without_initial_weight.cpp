// A layer with a weight, but no initial value for it.
// EXPECT: layer<1, Scale ?>::has_no_initial_weight_on<lamina::Shape<8> ?>
// EXPECT: `initial_weight`, or `fan_in<In>` and `fan_out<In>`
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Scale {
    static constexpr const char* name = "Scale";
    template <class In>
    using output = In;
    template <class In>
    using weight = ln::Shape<1>;
#ifndef SHOULD_NOT_COMPILE
    static constexpr double initial_weight = 1;
#endif
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        ln::kernels::map(
            y, [&](auto e) { return e * p.weight[0]; }, x);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        ln::kernels::map(
            dx, [&](auto g) { return g * p.weight[0]; }, dy);
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) noexcept {
        for (int i = 0; i < x.size; ++i)
            dp.weight[0] += ln::lane_sum(x[i] * dy[i]);
    }
};
using Model = ln::Model<ln::Net<ln::Dense<8>, Scale, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
