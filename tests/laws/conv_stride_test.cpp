#include "layer_laws.hpp"

#include <lamina/layers/conv.hpp>

#include <doctest/doctest.h>

using lamina::Conv;
using lamina::Shape;
using laws::layer_laws;

TEST_CASE("Conv obeys the laws of layers: stride 2") {
    layer_laws<Conv<3, 3, 2, 1>, Shape<5, 5, 6>>();
    layer_laws<Conv<1, 5, 2, 2>, Shape<3, 7, 4>>();
    layer_laws<Conv<5, 1, 2>, Shape<3, 4, 5>>();
}

TEST_CASE("Conv obeys the laws of layers: stride 3 and strides beyond the kernel") {
    layer_laws<Conv<3, 3, 3, 2>, Shape<1, 8, 7>>();
    layer_laws<Conv<2, 7, 3, 1>, Shape<1, 9, 12>>();
    layer_laws<Conv<3, 2, 3>, Shape<2, 6, 8>>();
}
