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

namespace {

/// A user's layer that makes a row of pixels of a vector.
struct Row {
    static constexpr const char* name = "Row";
    template <class In>
    using output = Shape<1, 1, In::size>;
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] * x[i];
    }
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = (x[i] + x[i]) * dy[i];
    }
};

} // namespace

TEST_CASE("sequences of images: convolutions, norms, joins and pools, then vectors along time") {
    laws::graph_laws<
        ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Concat<ln::Identity, ln::Conv<3, 1>>,
                ln::Residual<ln::Conv<7, 3, 1, 1>>, ln::Tanh, ln::MaxPool<2, 2>,
                ln::Concat<ln::GlobalAvgPool, ln::Dense<2>, ln::Flatten>, ln::GRU<3>, ln::Last, ln::Dense<2>>,
        Sequence<3, Shape<2, 4, 6>>>();
}

TEST_CASE("sequences of images: the last one, an image of each vector, and one that is read with a halo and "
          "without") {
    laws::graph_laws<
        ln::Net<ln::Conv<4, 3, 1, 1>, ln::PReLU<4>,
                ln::Concat<ln::Net<ln::Conv<2, 3, 2, 1>, ln::Flatten>, ln::Dense<3>, ln::Flatten>, Row,
                ln::Conv<2, 1>, ln::Last>,
        Sequence<3, Shape<1, 5, 5>>>();
    laws::layer_laws<ln::Last, Sequence<3, Shape<2, 4, 6>>>();
}
