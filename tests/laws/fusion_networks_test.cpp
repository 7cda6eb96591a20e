// Whole networks.
#include "network_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

using namespace lamina;

namespace {

using Card = Net<Conv<16, 3, 1>, LeakyReLU<>, MaxPool<2, 2>, Dense<10>>;
using Lenet5 = Net<Conv<6, 5, 1, 2>, Tanh, AvgPool<2, 2>, Conv<16, 5, 1>, Tanh, AvgPool<2, 2>, Dense<120>,
                   Tanh, Dense<84>, Tanh, Dense<10>>;
using Vgg = Net<Conv<8, 3, 1, 1>, ReLU, Conv<8, 3, 1, 1>, ReLU, MaxPool<2, 2>, Conv<16, 3, 1, 1>, ReLU,
                MaxPool<2, 2>, Dense<10>>;

} // namespace

TEST_CASE("fusion changes nothing: card") {
    laws::fused_equals_unfused<pack<float>, Card, Shape<1, 28, 28>>();
}

TEST_CASE("fusion changes nothing: lenet5") {
    laws::fused_equals_unfused<pack<float>, Lenet5, Shape<1, 28, 28>>();
}

TEST_CASE("fusion changes nothing: a small vgg") {
    laws::fused_equals_unfused<pack<float>, Vgg, Shape<3, 13, 15>>();
    laws::fused_equals_unfused<pack<float>, Exact<Vgg>, Shape<3, 13, 15>>();
}
