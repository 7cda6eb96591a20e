// One sample is computed with channels in lanes: numbers of channels around those of lanes, next to layers
// that keep planes. Few filters are computed with pixels in lanes.
#include "network_laws.hpp"

#include "../../docs/examples/channel_scale.hpp"

#include <doctest/doctest.h>

using namespace lamina;

namespace {

template <class Topology, class In>
void one_sample_equals_many() {
    laws::one_sample_equals_many<float, Topology, In>();
    laws::one_sample_equals_many<double, Topology, In>();
}

} // namespace

TEST_CASE("one sample: channels that do not fill their lanes or pass them") {
    one_sample_equals_many<Net<Conv<5, 3>, ReLU, Conv<19, 1>, MaxPool<3, 2>, Conv<9, 3, 1, 1>, Conv<1, 2>>,
                           Shape<3, 7, 9>>();
    one_sample_equals_many<Net<Conv<33, 2>, MaxPool<2, 2>, Conv<7, 3, 2, 2>, Tanh, AvgPool<2, 1>, Dense<11>>,
                           Shape<1, 8, 10>>();
}

TEST_CASE("one sample: as many channels as lanes") {
    one_sample_equals_many<Net<Conv<16, 3, 1, 1>, LeakyReLU<>, MaxPool<2, 2>, Conv<32, 3>, Conv<8, 1>>,
                           Shape<4, 7, 6>>();
    one_sample_equals_many<Net<MaxPool<2, 1>, AvgPool<2, 2>, Conv<64, 2, 1, 1>, MaxPool<3, 3>>,
                           Shape<17, 6, 5>>();
}

TEST_CASE("one sample: rows wider than what waits on the stack at a time") {
    one_sample_equals_many<Net<Conv<5, 3, 1, 1>, ReLU, MaxPool<2, 1>, Conv<17, 2>, Dense<2>>,
                           Shape<1, 3, 131>>();
    one_sample_equals_many<Net<Conv<3, 2>, MaxPool<2, 2>, AvgPool<1, 1>>, Shape<2, 5, 259>>();
    one_sample_equals_many<Net<Upsample<5>, Conv<1, 1>>, Shape<3, 3, 16>>();
    one_sample_equals_many<
        Net<Conv<3, 3, 1, same>, AdaptiveAvgPool<size{5, 70}>, UpsampleBilinear<2>, Conv<2, 3, 1, 1>>,
        Shape<2, 6, 9>>();
}

TEST_CASE("one sample: between layers in planes") {
    one_sample_equals_many<Net<ReLU, Conv<6, 3, 1, 1>, Softmax, ChannelScale, Conv<5, 3, 1, 2>, ChannelScale,
                               MaxPool<2, 2>, Flatten, Dense<3>>,
                           Shape<2, 5, 6>>();
    one_sample_equals_many<Net<Conv<6, 3, 2, 1>, ReLU, TransposedConv<4, 4, 2, 1, 1, 2>, Tanh, Conv<3, 3>,
                               Residual<TransposedConv<3, 3, 1, 1>>>,
                           Shape<2, 6, 8>>();
    one_sample_equals_many<Net<Dense<37>, Tanh, Dense<9>, Sigmoid, Dense<17>, Softmax>, Shape<3, 5, 7>>();
}

TEST_CASE("one sample: few filters, with pixels in lanes") {
    // Of a single channel and of several, rows that do not fill their vectors, padding on some sides.
    one_sample_equals_many<Net<Conv<6, 5, 1, 2>, Tanh, AvgPool<2, 2>, Conv<16, 5>, Dense<3>>,
                           Shape<1, 28, 28>>();
    one_sample_equals_many<
        Net<Conv<1, 3, 1, pad{1, 0, 2, 0}>, Sigmoid, Conv<2, size{2, 5}, 1, 0, size{2, 1}>, Conv<5, 1>>,
        Shape<3, 6, 41>>();
    one_sample_equals_many<Net<Conv<8, 3>, ReLU, Conv<3, 3, 1, same>, Conv<4, 1>, Dense<2>>,
                           Shape<2, 5, 67>>();
    one_sample_equals_many<Net<Conv1D<3, 9>, Tanh, Conv1D<7, 4, 1, same>, Conv1D<2, 3, 2>>, Shape<1, 131>>();
}

TEST_CASE("one sample: few filters before a max pool") {
    one_sample_equals_many<Net<Conv<7, 3>, ReLU, MaxPool<2, 2>, Conv<2, 3, 1, 1>, MaxPool<3, 3>, Dense<2>>,
                           Shape<1, 12, 55>>();
    one_sample_equals_many<Net<Conv<1, 4, 1, 1>, MaxPool<3, 3>, Conv<17, 2>>, Shape<2, 11, 18>>();
    one_sample_equals_many<Net<Conv<2, 2, 1, same>, MaxPool<2, 2>, Tanh, Conv<8, 3>, MaxPool<2, 2>>,
                           Shape<3, 9, 101>>();
}

TEST_CASE("one sample: few filters beside other branches") {
    one_sample_equals_many<
        Net<Residual<Conv<4, 3, 1, same>, ReLU, Conv<4, 3, 1, same>>, ReLU, Conv<3, 1>, Dense<2>>,
        Shape<4, 5, 35>>();
    one_sample_equals_many<Net<Concat<Conv<2, 3, 1, same>, Conv<33, 1>>, Conv<1, 3>>, Shape<3, 6, 33>>();
    one_sample_equals_many<Net<Sum<Conv<2, 3, 1, same>, Net<Conv<19, 3, 1, same>, Conv<2, 1>>>, Softmax>,
                           Shape<2, 4, 37>>();
}
