#include "layer_laws.hpp"

#include <lamina/layers/layer_norm.hpp>

#include <doctest/doctest.h>

using lamina::Shape;

// BatchNorm and Dropout train differently than they infer: see unit/train/norms_test.cpp.
TEST_CASE("LayerNorm obeys the laws of layers") {
    laws::layer_laws<lamina::LayerNorm, Shape<3, 5, 7>, Shape<23>>();
}
