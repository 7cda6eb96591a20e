#include "layer_laws.hpp"

#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>

#include <doctest/doctest.h>

using lamina::Dense;
using lamina::Flatten;
using lamina::Shape;
using laws::layer_laws;

TEST_CASE("Dense obeys the laws of layers: vectors") {
    layer_laws<Dense<1>, Shape<1>>();
    layer_laws<Dense<3>, Shape<17>>();
    layer_laws<Dense<11>, Shape<37>>();
    layer_laws<Dense<33>, Shape<100>>();
}

TEST_CASE("Dense obeys the laws of layers: as many inputs as lanes or one more or less") {
    layer_laws<Dense<16>, Shape<16>>();
    layer_laws<Dense<25>, Shape<15>>();
    layer_laws<Dense<8>, Shape<33>>();
    layer_laws<Dense<1>, Shape<32>>();
}

TEST_CASE("Dense obeys the laws of layers: images") {
    layer_laws<Dense<7>, Shape<3, 5, 4>>();
    layer_laws<Dense<17>, Shape<16, 2, 3>>();
}

TEST_CASE("Dense obeys the laws of layers: rows of 4096 bytes") {
    laws::packs_equal_scalars(laws::forms<Dense<19>, Shape<1024>>());
}

TEST_CASE("Flatten obeys the laws of layers") {
    layer_laws<Flatten, Shape<1>, Shape<3, 5, 7>, Shape<17, 1, 2>>();
}
