#include "network_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

using namespace lamina;
using laws::network_laws;

TEST_CASE("fusion changes nothing: dense layers") {
    network_laws<Net<Dense<6>, LeakyReLU<>, Dense<4>, Tanh>, Shape<13>>();
    network_laws<Net<Flatten, Flatten, Dense<5>, Sigmoid, Softmax>, Shape<3, 4, 5>>();
}

TEST_CASE("fusion changes nothing: Flatten after layers that want a halo") {
    network_laws<Net<Conv<3, 3, 1, 1>, ReLU, Flatten, Dense<3>>, Shape<2, 5, 6>>();
    network_laws<Net<Conv<3, 3>, Flatten, Tanh>, Shape<2, 5, 6>>();
}

TEST_CASE("fusion changes nothing: layers that are not fused") {
    network_laws<Net<Conv<5, 3, 3, 2>, ReLU, AvgPool<2, 2>, Flatten, Dense<3>, Tanh>, Shape<1, 13, 11>>();
    network_laws<Net<Conv<3, 3>, ReLU, MaxPool<3, 2>, Tanh>, Shape<1, 9, 8>>();
    network_laws<Net<Conv<3, 3>, Tanh, Sigmoid, MaxPool<2, 2>>, Shape<1, 7, 8>>();
    network_laws<Net<ReLU, Conv<2, 3>, Softmax, MaxPool<2, 2>>, Shape<1, 7, 6>>();
}
