// A layer with a bias, but no weight.
// EXPECT: layer<1, Shift ?>::has_a_bias_without_a_weight_on<lamina::Shape<8> ?>
// EXPECT: a layer with a `bias` needs a `weight` too
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Shift {
    static constexpr const char* name = "Shift";
    template <class In>
    using output = In;
#ifdef SHOULD_NOT_COMPILE
    template <class In>
    using bias = ln::Shape<1>;
#endif
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        ln::kernels::map(
            y, [](auto e) { return e; }, x);
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        ln::kernels::map(
            dx, [](auto g) { return g; }, dy);
    }
};
using Model = ln::Model<ln::Net<ln::Dense<8>, Shift, ln::Dense<10>>, ln::Shape<12>>;

#include "what_a_user_does.hpp"
