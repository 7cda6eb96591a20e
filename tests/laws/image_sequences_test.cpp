// Sequences of images: layers that know no time on each, and what joins them.
#include "layer_laws.hpp"

#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/global_avg_pool.hpp>
#include <lamina/layers/gru.hpp>
#include <lamina/layers/last.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>

#include <doctest/doctest.h>

namespace ln = lamina;
using lamina::Sequence;
using lamina::Shape;

TEST_CASE("sequences of images: convolutions, norms, joins and pools, then vectors along time") {
    laws::graph_laws<
        ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Concat<ln::Identity, ln::Conv<3, 1>>,
                ln::Residual<ln::Conv<7, 3, 1, 1>>, ln::Tanh, ln::MaxPool<2, 2>,
                ln::Concat<ln::GlobalAvgPool, ln::Dense<2>, ln::Flatten>, ln::GRU<3>, ln::Last, ln::Dense<2>>,
        Sequence<3, Shape<2, 4, 6>>>();
}

TEST_CASE("sequences of images: the last one, and an image of each vector") {
    laws::graph_laws<ln::Net<ln::Conv<4, 3, 1, 1>, ln::PReLU<4>, ln::Conv<2, 3, 2, 1>, ln::Last>,
                     Sequence<3, Shape<1, 5, 5>>>();
    laws::layer_laws<ln::Last, Sequence<3, Shape<2, 4, 6>>>();
}
