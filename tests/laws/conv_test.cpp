#include "layer_laws.hpp"

#include <lamina/layers/conv.hpp>

#include <doctest/doctest.h>

using lamina::Conv;
using lamina::Shape;
using laws::layer_laws;

TEST_CASE("Conv obeys the laws of layers: one pixel and small kernels") {
    layer_laws<Conv<1, 1>, Shape<1, 1, 1>>();
    layer_laws<Conv<17, 1>, Shape<3, 2, 5>>();
    layer_laws<Conv<3, 2, 1, 1>, Shape<2, 3, 4>>();
}

TEST_CASE("Conv obeys the laws of layers: 1x1 over planes a multiple of 4 KiB apart") {
    layer_laws<Conv<7, 1>, Shape<3, 8, 8>>();
    layer_laws<Conv<2, 1, 2>, Shape<6, 8, 16>>();
}

TEST_CASE("Conv obeys the laws of layers: 1x1 from many channels to filters that fill vectors") {
    layer_laws<Conv<48, 1, 2>, Shape<17, 5, 6>>();
}

TEST_CASE("Conv obeys the laws of layers: kernel 3") {
    layer_laws<Conv<5, 3>, Shape<1, 3, 3>, Shape<17, 3, 4>>();
    layer_laws<Conv<17, 3, 1, 1>, Shape<3, 4, 5>>();
    layer_laws<Conv<1, 3, 1, 2>, Shape<5, 4, 7>>();
}
