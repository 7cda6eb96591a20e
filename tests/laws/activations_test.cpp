#include "layer_laws.hpp"

#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/elu.hpp>
#include <lamina/layers/gelu.hpp>
#include <lamina/layers/hard_swish.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/relu6.hpp>
#include <lamina/layers/scale.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/silu.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <string_view>

using lamina::Shape;
using laws::layer_laws;

TEST_CASE("ReLU obeys the laws of layers") {
    layer_laws<lamina::ReLU, Shape<3, 5, 7>, Shape<1>>();
}

TEST_CASE("LeakyReLU obeys the laws of layers") {
    layer_laws<lamina::LeakyReLU<>, Shape<3, 5, 7>, Shape<23>>();
    layer_laws<lamina::LeakyReLU<1, 4>, Shape<17, 2, 3>>();
}

TEST_CASE("Tanh obeys the laws of layers") {
    layer_laws<lamina::Tanh, Shape<3, 5, 7>, Shape<23>>();
}

TEST_CASE("Sigmoid obeys the laws of layers") {
    layer_laws<lamina::Sigmoid, Shape<3, 5, 7>, Shape<23>>();
}

TEST_CASE("Softmax obeys the laws of layers") {
    layer_laws<lamina::Softmax, Shape<10>, Shape<1>, Shape<3, 5, 7>>();
}

TEST_CASE("ReLU6 obeys the laws of layers") {
    layer_laws<lamina::ReLU6, Shape<3, 5, 7>>();
}

TEST_CASE("ELU obeys the laws of layers") {
    layer_laws<lamina::ELU<>, Shape<3, 5, 7>>();
    layer_laws<lamina::ELU<5, 2>, Shape<23>>();
}

TEST_CASE("SiLU obeys the laws of layers") {
    layer_laws<lamina::SiLU, Shape<3, 5, 7>>();
}

TEST_CASE("GELU obeys the laws of layers") {
    layer_laws<lamina::GELU, Shape<3, 5, 7>>();
    layer_laws<lamina::GELUTanh, Shape<23>>();
}

TEST_CASE("HardSwish obeys the laws of layers") {
    layer_laws<lamina::HardSwish, Shape<3, 5, 7>>();
}

TEST_CASE("Scale obeys the laws of layers") {
    layer_laws<lamina::Scale<-3, 2>, Shape<3, 5, 7>>();
}

TEST_CASE("PReLU obeys the laws of layers") {
    layer_laws<lamina::PReLU<>, Shape<3, 5, 7>, Shape<23>>();
    layer_laws<lamina::PReLU<3>, Shape<3, 5, 7>>();
    layer_laws<lamina::PReLU<23>, Shape<23>>();
}

namespace {

/// The derivative that layer `L` has at x.
template <class L>
double slope_at(double x) {
    if constexpr (requires { L::slope_of_input(x); })
        return L::slope_of_input(x);
    else
        return L::slope(L::value(x));
}

/// Layers are tried on numbers between -1 and 1: here on others, except within a step of whole numbers, at
/// some of which slopes jump.
template <class L>
void slopes_equal_differences() {
    CAPTURE(std::string_view{L::name});
    constexpr double step = 1e-5;
    double largest = 0;
    for (int i = -120'000; i <= 120'000; i += 7)
        if (i % 10'000 != 0) {
            const double x = i * 1e-4;
            const double difference = (L::value(x + step) - L::value(x - step)) / (2 * step);
            largest = std::fmax(largest, std::fabs(slope_at<L>(x) - difference));
        }
    CHECK(largest < 1e-9);
}

} // namespace

TEST_CASE("activations: slopes equal differences far from zero, too") {
    slopes_equal_differences<lamina::ReLU6>();
    slopes_equal_differences<lamina::ELU<>>();
    slopes_equal_differences<lamina::ELU<5, 2>>();
    slopes_equal_differences<lamina::SiLU>();
    slopes_equal_differences<lamina::GELU>();
    slopes_equal_differences<lamina::GELUTanh>();
    slopes_equal_differences<lamina::HardSwish>();
    slopes_equal_differences<lamina::Scale<1, 50>>();
}

// Where it jumps it is that of the flat or the straight side, as of today's PyTorch; libtorch 1.13, from
// which the other references are, has another one there.
static_assert(lamina::HardSwish::slope_of_input(-3.0) == 0 && lamina::HardSwish::slope_of_input(3.0) == 1);
static_assert(lamina::HardSwish::value(-3.0F) == 0 && lamina::HardSwish::value(3.0F) == 3 &&
              lamina::HardSwish::value(-3e38F) == 0 && lamina::HardSwish::value(3e38F) == 3e38F);

// Constant expressions run them.
constexpr auto constant = [] {
    lamina::Model<lamina::Net<lamina::PReLU<2>, lamina::SiLU, lamina::GELU, lamina::GELUTanh,
                              lamina::HardSwish, lamina::ELU<>, lamina::ReLU6, lamina::Scale<10>>,
                  lamina::Shape<2, 1, 3>>
        model;
    model.weight<0>()[1] = 0.5F;
    return model.forward({{1e30F, 1, -1, 4, -4, -1e30F}});
}();
static_assert(constant[0] == 60 && constant[1] > 2 && constant[1] < 3 && constant[2] == 0);

// An activation whose slope needs its input is not fused, one whose slope needs its output is.
TEST_CASE("fusion changes nothing: activations that need their input, and a max pool behind them") {
    using namespace lamina;
    laws::network_laws<Net<Conv<3, 3, 1, 1>, SiLU, MaxPool<2, 2>, Dense<4>, GELU, Dense<2>, HardSwish>,
                       Shape<2, 5, 6>>();
    laws::network_laws<
        Net<Conv<3, 3>, PReLU<3>, MaxPool<2, 2>, Dense<5>, ReLU6, Dense<2>, ELU<>, Scale<1, 50>>,
        Shape<2, 7, 6>>();
    using Kept = Model<Net<Dense<4>, SiLU>, Shape<3>>::plan;
    using Fused = Model<Net<Dense<4>, ELU<>>, Shape<3>>::plan;
    static_assert(Kept::count == 2 && Fused::count == 1);
    static_assert(Kept::Inference::count == 1); // where nothing needs the input any more
    static_assert(Model<Net<PReLU<>>, Shape<3>>::tensors[0].is_weight); // l2 and weight decay apply to it
    // -x decreases: the largest of a window becomes the smallest.
    static_assert(Model<Net<Conv<3, 3>, Scale<-1>, MaxPool<2, 2>>, Shape<1, 6, 6>>::plan::count == 2);
    static_assert(Model<Net<Conv<3, 3>, Scale<2>, MaxPool<2, 2>>, Shape<1, 6, 6>>::plan::count == 1);
}

namespace {

struct Quartic : lamina::Elementwise<Quartic> { // a user's: neither its slope nor its sign can be told from y
    static constexpr std::string_view name = "Quartic";
    static constexpr auto value(auto x) {
        const auto square = x * x;
        return square * square;
    }
    static constexpr auto slope_of_input(auto x) { return decltype(x)(4) * x * x * x; }
};

} // namespace

TEST_CASE("a user's activation whose slope needs its input obeys the laws") {
    layer_laws<Quartic, Shape<3, 5, 7>>();
    laws::network_laws<
        lamina::Net<lamina::Conv<3, 3>, Quartic, lamina::MaxPool<2, 2>, lamina::Dense<2>, Quartic>,
        Shape<2, 6, 6>>();
}
