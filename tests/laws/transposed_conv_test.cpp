#include "layer_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

using lamina::NoBias;
using lamina::pad;
using lamina::same;
using lamina::Shape;
using lamina::size;
using lamina::TransposedConv;
using laws::layer_laws;

TEST_CASE("TransposedConv obeys the laws of layers") {
    layer_laws<TransposedConv<5, 4, 2, 1>, Shape<3, 4, 5>, Shape<1, 1, 1>>();
    layer_laws<TransposedConv<17, size{3, 2}, size{2, 3}, pad{1, 0, 0, 1}>, Shape<2, 3, 5>>();
    layer_laws<TransposedConv<2, 3, 2, same, size{3, 1}>, Shape<1, 5, 3>>();
    layer_laws<TransposedConv<6, 3, 2, pad{1, 0, 1, 0}, 1, 2>, Shape<4, 5, 4>>();
    layer_laws<TransposedConv<3, 1>, Shape<2, 8, 8>>();
    layer_laws<NoBias<TransposedConv<4, 2, 3, same>>, Shape<3, 3, 2>>();
}
