#include "layer_laws.hpp"

#include <lamina/layers/adaptive_avg_pool.hpp>
#include <lamina/layers/upsample.hpp>

#include <doctest/doctest.h>

using lamina::AdaptiveAvgPool;
using lamina::Shape;
using lamina::size;
using lamina::Upsample;
using lamina::UpsampleBilinear;
using laws::layer_laws;

TEST_CASE("AdaptiveAvgPool obeys the laws of layers") {
    layer_laws<AdaptiveAvgPool<3>, Shape<3, 7, 5>, Shape<17, 4, 3>>();
    layer_laws<AdaptiveAvgPool<size{1, 4}>, Shape<2, 3, 9>>();
    layer_laws<AdaptiveAvgPool<5>, Shape<1, 3, 2>>(); // larger than the input
    layer_laws<AdaptiveAvgPool<3>, Shape<5, 7>>();
}

TEST_CASE("Upsample obeys the laws of layers") {
    layer_laws<Upsample<2>, Shape<3, 4, 3>, Shape<17, 1, 2>>();
    layer_laws<Upsample<size{1, 3}>, Shape<2, 2, 3>>();
    layer_laws<Upsample<2>, Shape<5, 7>>();
}

TEST_CASE("UpsampleBilinear obeys the laws of layers") {
    layer_laws<UpsampleBilinear<2>, Shape<3, 4, 3>, Shape<17, 1, 2>>();
    layer_laws<UpsampleBilinear<size{1, 3}>, Shape<2, 2, 3>>();
    layer_laws<UpsampleBilinear<2>, Shape<5, 7>>();
}
