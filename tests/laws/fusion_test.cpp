#include "network_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

using namespace lamina;
using laws::network_laws;

// Sizes are such that pooling leaves rows and columns over.

TEST_CASE("fusion changes nothing: convolution and max pool in the first place") {
    network_laws<Net<Conv<5, 3, 1, 1>, LeakyReLU<>, MaxPool<2, 2>>, Shape<3, 7, 9>>();
    network_laws<Net<Conv<3, 1, 2>, Sigmoid, MaxPool<3, 3>>, Shape<1, 13, 8>>();
    network_laws<Net<Conv<2, 5, 2, 1>, LeakyReLU<1, 4>, MaxPool<2, 2>>, Shape<1, 9, 12>>();
    network_laws<Net<Conv<3, 3>, MaxPool<1, 1>>, Shape<1, 4, 3>>();
    network_laws<Net<DepthwiseConv<3>, ReLU, MaxPool<2, 2>>, Shape<3, 6, 7>>();
    network_laws<Net<NoBias<Conv<4, size{2, 3}, 1, same, 2>>, MaxPool<2, 2>>, Shape<2, 6, 7>>();
}

TEST_CASE("fusion changes nothing: convolution and max pool after other layers") {
    network_laws<Net<Conv<3, 5>, MaxPool<2, 2>, Conv<2, 3, 1, 1>, Tanh, MaxPool<3, 3>>, Shape<1, 15, 12>>();
    network_laws<Net<Conv<2, 7, 3, 2>, ReLU, Conv<3, 3, 2, 2>, ReLU, MaxPool<2, 2>, Dense<3>>,
                 Shape<1, 18, 21>>();
    network_laws<Net<MaxPool<2, 2>, Conv<3, 3, 3, 2>, MaxPool<2, 2>, Flatten, Softmax>, Shape<2, 19, 17>>();
}
