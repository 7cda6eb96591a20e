#include "layer_laws.hpp"

#include <lamina/layers/avg_pool.hpp>
#include <lamina/layers/global_avg_pool.hpp>
#include <lamina/layers/global_max_pool.hpp>
#include <lamina/layers/max_pool.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using lamina::AvgPool;
using lamina::GlobalAvgPool;
using lamina::GlobalMaxPool;
using lamina::MaxPool;
using lamina::pad;
using lamina::same;
using lamina::Shape;
using lamina::size;
using laws::layer_laws;

TEST_CASE("MaxPool obeys the laws of layers: windows side by side") {
    layer_laws<MaxPool<1, 1>, Shape<1, 1, 3>>();
    layer_laws<MaxPool<2, 2>, Shape<3, 7, 5>>();
    layer_laws<MaxPool<3, 3>, Shape<1, 7, 11>>();
}

TEST_CASE("MaxPool obeys the laws of layers: windows that overlap or leave gaps") {
    layer_laws<MaxPool<2, 1>, Shape<1, 3, 4>>();
    layer_laws<MaxPool<3, 2>, Shape<5, 8, 5>>();
    layer_laws<MaxPool<2, 3>, Shape<3, 8, 7>>();
}

TEST_CASE("MaxPool obeys the laws of layers: padding and rectangles") {
    layer_laws<MaxPool<3, 2, 1>, Shape<17, 4, 5>>();
    layer_laws<MaxPool<size{3, 1}, size{1, 2}, pad{2, 0, 0, 0}>, Shape<2, 5, 7>>();
    layer_laws<MaxPool<size{2, 5}, size{3, 1}, same>, Shape<3, 7, 4>>();
    layer_laws<MaxPool<3, 3, pad{0, 2, 1, 0}>, Shape<1, 4, 5>>(); // windows that tile, some of them in part
    layer_laws<MaxPool<5, 1, 4>, Shape<1, 2, 3>>();               // all in part, padded at both sides
}

TEST_CASE("MaxPool obeys the laws of layers: along a sequence") {
    layer_laws<MaxPool<2, 2>, Shape<3, 7>>();
    layer_laws<MaxPool<3, 2, 1>, Shape<17, 6>>();
    layer_laws<MaxPool<size{1, 4}, 1, pad{0, 0, 3, 1}>, Shape<2, 5>>();
}

TEST_CASE("MaxPool sends a gradient to the first of several maxima") {
    const laws::LayerForms pool = laws::forms<MaxPool<2, 2>, Shape<1, 2, 4>>();
    for (const laws::MakePass pass : {pool.doubles, pool.double_packs, pool.floats, pool.float_packs}) {
        laws::Trial trial{pool.in_double, pass(0)->lanes};
        laws::Numbers expected(trial.x.size());
        for (std::size_t s = 0; s < trial.samples; ++s) {
            const double image[]{1, 1, 0, 1, // a window of equals, and one whose first place is smaller
                                 1, 1, 1, 1};
            std::copy_n(image, 8, trial.x.begin() + static_cast<std::ptrdiff_t>(8 * s));
            expected[8 * s] = trial.r[2 * s];
            expected[8 * s + 3] = trial.r[2 * s + 1];
        }
        CHECK(run(trial, pass).dx == expected);
    }
}

TEST_CASE("AvgPool obeys the laws of layers: windows side by side") {
    layer_laws<AvgPool<2, 2>, Shape<17, 5, 3>>();
    layer_laws<AvgPool<5, 5>, Shape<1, 5, 11>>();
}

TEST_CASE("AvgPool obeys the laws of layers: windows that overlap or leave gaps") {
    layer_laws<AvgPool<3, 2>, Shape<5, 8, 5>>();
    layer_laws<AvgPool<2, 3>, Shape<3, 8, 7>>();
}

TEST_CASE("AvgPool obeys the laws of layers: padding and rectangles") {
    layer_laws<AvgPool<3, 2, 1>, Shape<3, 7, 6>>();
    layer_laws<AvgPool<3, 2, 1, false>, Shape<17, 4, 5>>();
    layer_laws<AvgPool<size{3, 1}, size{1, 2}, pad{2, 0, 0, 0}, false>, Shape<2, 5, 7>>();
    layer_laws<AvgPool<size{2, 5}, size{3, 1}, same>, Shape<3, 7, 4>>();
    layer_laws<AvgPool<3, 3, pad{0, 2, 1, 0}, false>, Shape<1, 4, 5>>();
    layer_laws<AvgPool<5, 1, 4, false>, Shape<1, 2, 3>>();
}

TEST_CASE("AvgPool obeys the laws of layers: along a sequence") {
    layer_laws<AvgPool<2, 2>, Shape<3, 7>>();
    layer_laws<AvgPool<3, 2, 1, false>, Shape<17, 6>>();
}

TEST_CASE("GlobalAvgPool obeys the laws of layers") {
    layer_laws<GlobalAvgPool, Shape<17, 2, 3>, Shape<37, 1, 1>, Shape<5, 9>>();
}

TEST_CASE("GlobalMaxPool obeys the laws of layers") {
    layer_laws<GlobalMaxPool, Shape<3, 7, 5>, Shape<5, 9>>();
}
