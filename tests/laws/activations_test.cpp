#include "layer_laws.hpp"

#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>

#include <doctest/doctest.h>

using lamina::Shape;
using laws::layer_laws;

TEST_CASE("ReLU obeys the laws of layers") {
    layer_laws<lamina::ReLU, Shape<3, 5, 7>, Shape<1>>();
}

TEST_CASE("LeakyReLU obeys the laws of layers") {
    layer_laws<lamina::LeakyReLU<>, Shape<3, 5, 7>, Shape<23>>();
    layer_laws<lamina::LeakyReLU<1, 4>, Shape<17, 2, 3>>();
}

TEST_CASE("Tanh obeys the laws of layers") {
    layer_laws<lamina::Tanh, Shape<3, 5, 7>, Shape<23>>();
}

TEST_CASE("Sigmoid obeys the laws of layers") {
    layer_laws<lamina::Sigmoid, Shape<3, 5, 7>, Shape<23>>();
}

TEST_CASE("Softmax obeys the laws of layers") {
    layer_laws<lamina::Softmax, Shape<10>, Shape<1>, Shape<3, 5, 7>>();
}
