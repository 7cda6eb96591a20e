#include "layer_laws.hpp"

#include <lamina/layers/conv.hpp>

#include <doctest/doctest.h>

using lamina::Conv;
using lamina::Shape;
using laws::layer_laws;

TEST_CASE("Conv obeys the laws of layers: kernels 5 and 7") {
    layer_laws<Conv<5, 5>, Shape<1, 5, 8>>();
    layer_laws<Conv<3, 5, 1, 2>, Shape<3, 3, 6>>();
    layer_laws<Conv<2, 7, 1, 2>, Shape<3, 5, 4>>();
}
