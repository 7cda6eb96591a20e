// Folding batch norm into a layer that has no bias.
// EXPECT: layer<0, Weigh ?>::takes_a_scale_without_weight_and_bias
// EXPECT: a layer with `takes_scale` needs a `weight` and a `bias`
#include <lamina/lamina.hpp>

namespace ln = lamina;

struct Weigh {
    static constexpr const char* name = "Weigh";
#ifdef SHOULD_NOT_COMPILE
    static constexpr bool takes_scale = true;
#endif
    template <class In>
    using output = In;
    template <class In>
    using weight = In;
    static constexpr double initial_weight = 1;
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = p.weight[i] * x[i];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = p.weight[i] * dy[i];
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) noexcept {
        for (int i = 0; i < x.size; ++i)
            dp.weight[i] += ln::lane_sum(x[i] * dy[i]);
    }
};
using Model = ln::Model<ln::Net<Weigh, ln::BatchNorm<>, ln::Dense<10>>, ln::Shape<12>>;

auto deployed(const Model& model) {
    return ln::fold(model);
}
