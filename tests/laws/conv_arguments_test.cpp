// Convolutions with other arguments than a square kernel, one stride and equal padding.
#include "layer_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

using lamina::Conv;
using lamina::Conv1D;
using lamina::Dense;
using lamina::DepthwiseConv;
using lamina::NoBias;
using lamina::pad;
using lamina::same;
using lamina::Shape;
using lamina::size;
using laws::layer_laws;

TEST_CASE("Conv obeys the laws of layers: rectangular kernels and strides") {
    layer_laws<Conv<5, size{1, 3}>, Shape<2, 3, 5>>();
    layer_laws<Conv<17, size{4, 1}, size{1, 2}, pad{2, 3, 0, 0}>, Shape<3, 6, 5>>();
    layer_laws<Conv<3, size{4, 3}, size{3, 2}, same>, Shape<1, 11, 7>>();
}

TEST_CASE("Conv obeys the laws of layers: padding of some sides, same") {
    layer_laws<Conv<3, 3, 2, pad{0, 1, 0, 1}>, Shape<2, 6, 8>>();
    layer_laws<Conv<2, 3, 1, pad{2, 0, 1, 2}>, Shape<3, 4, 5>>();
    layer_laws<Conv<4, 4, 1, same>, Shape<1, 5, 3>>();
    layer_laws<Conv<3, 2, 2, same>, Shape<1, 4, 5>>();
}

TEST_CASE("Conv obeys the laws of layers: dilation") {
    layer_laws<Conv<3, 3, 1, 2, 2>, Shape<2, 7, 6>>();
    layer_laws<Conv<2, 3, 2, same, size{4, 3}>, Shape<1, 11, 8>>();
    layer_laws<Conv<2, 2, 3, 1, 3>, Shape<2, 9, 7>>();
    layer_laws<Conv<2, size{2, 3}, 4, 1, 2>, Shape<1, 9, 8>>();
}

TEST_CASE("Conv obeys the laws of layers: groups") {
    layer_laws<Conv<6, 3, 1, 1, 1, 3>, Shape<3, 4, 5>>();
    layer_laws<Conv<34, 1, 1, 0, 1, 2>, Shape<4, 8, 8>>();
    layer_laws<Conv<4, size{1, 3}, size{1, 2}, same, 2, 2>, Shape<6, 3, 9>>();
}

TEST_CASE("DepthwiseConv obeys the laws of layers") {
    layer_laws<DepthwiseConv<3>, Shape<1, 4, 5>, Shape<17, 3, 3>>();
    layer_laws<DepthwiseConv<3, 2, same, 1, 2>, Shape<3, 6, 5>>();
    layer_laws<DepthwiseConv<size{1, 3}, 1, same, 2>, Shape<5, 2, 6>>();
}

TEST_CASE("Conv1D obeys the laws of layers") {
    layer_laws<Conv1D<3, 3>, Shape<2, 5>>();
    layer_laws<Conv1D<17, 4, 2, same>, Shape<3, 11>>();
    layer_laws<Conv1D<4, 2, 1, pad{0, 0, 3, 0}, 3, 2>, Shape<2, 8>>();
}

TEST_CASE("Layers without a bias obey the laws of layers") {
    layer_laws<NoBias<Conv<3, 3, 1, 1>>, Shape<2, 4, 5>>();
    layer_laws<NoBias<DepthwiseConv<3, 1, same>>, Shape<3, 4, 5>>();
    layer_laws<NoBias<Conv1D<3, 1>>, Shape<2, 7>>();
    layer_laws<NoBias<Dense<5>>, Shape<7>, Shape<2>, Shape<40>>();
}
