// Networks that branch, each with what has its own code in the plan or in a pass.
#include "network_laws.hpp"

#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <string_view>

using namespace lamina;

namespace {

using laws::graph_laws;

// Few shapes and layers, so that most operations are compiled once for all networks.
using Image = Shape<3, 4, 5>;
using Same = Conv<3, 3, 1, 1>;
using Point = Conv<3, 1>;

struct skip;
struct other;

/// The elements in reverse order, by their addresses.
struct Reversed {
    static constexpr std::string_view name = "Reversed";
    template <class In>
    using output = Shape<In::size>;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x.data()[x.size - 1 - i];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[dx.size - 1 - i] = dy[i];
    }
};

} // namespace

TEST_CASE("graphs: sums of two and three branches, one of them only an activation") {
    graph_laws<Net<Same, Tanh, Sum<Same, Net<Point, Tanh>>, Sum<Tanh, Same, Identity>, Point>, Image>();
}

TEST_CASE("graphs: a residual of one layer, and a residual in a residual") {
    graph_laws<Net<Point, Residual<Same>, Residual<Same, Tanh, Residual<Point, Tanh>>, Tanh>, Image>();
}

TEST_CASE("graphs: a concat of a concat, and a value that is a part and read again") {
    graph_laws<Net<Point, Concat<Identity, Same>, Concat<Identity, Net<Tanh, Same>>,
                   Concat<Same, Concat<Point, Tanh>>>,
               Image>();
}

TEST_CASE("graphs: concats of vectors, and of the input") {
    graph_laws<Net<Concat<Identity, Dense<4>, Net<Dense<5>, Tanh>>, Dense<3>>, Shape<7>>();
}

TEST_CASE("graphs: a product with the value itself, and of three branches") {
    graph_laws<Net<Point, Product<Identity, Net<Same, Sigmoid>>, Product<Same, Tanh, Identity>>, Image>();
}

TEST_CASE("graphs: names across nets, and as branches") {
    graph_laws<Net<As<other>, Same, Tanh, As<skip>, Net<Same, Sum<Tanh, From<skip>>>,
                   Concat<From<skip>, Identity, Net<From<other>, Point>>, Point, Sum<From<other>, Identity>>,
               Image>();
}

TEST_CASE("graphs: repeated blocks that have names inside, and a named net") {
    graph_laws<Net<Named<"stem", Point>,
                   Named<"blocks", Repeat<2, As<skip>, Same, Tanh, Sum<Identity, From<skip>>, Tanh>>, Tanh>,
               Image>();
}

TEST_CASE("graphs: flatten after a sum, of values with halos and without") {
    graph_laws<Net<Same, Sum<Identity, Point>, Flatten, Dense<3>>, Image>();
    graph_laws<Net<Point, As<skip>, Sum<Same, Same>, Flatten, Sum<Identity, Net<From<skip>, Flatten>>>,
               Image>();
}

TEST_CASE("graphs: what a convolution reads with a halo, and a layer that takes none as well") {
    graph_laws<Net<Sum<Dense<3>, Net<Same, Dropout<20>, Sum<Net<Same, Dense<3>>, Dense<3>>>>>, Image>();
    graph_laws<Net<Same, Outputs<Same, Dense<3>>>, Image>();
    graph_laws<Net<Concat<Net<Point, Dense<2>, BatchNorm<>>, Reversed>, Tanh>, Image>();
    // Behind a concat, whose parts have its halo.
    graph_laws<Net<Point, As<skip>, Concat<Identity, Point>, As<other>, Conv<3, 3, 1, 1>, Dense<3>,
                   Sum<Identity, Net<From<skip>, Dense<3>>, Net<From<other>, Reversed, Dense<3>>>>,
               Image>();
}

TEST_CASE("graphs: an activation that needs its input, and a max pool, after a sum") {
    graph_laws<Net<Point, Residual<Same>, SiLU, Residual<Same>, MaxPool<2, 2>, Sum<Tanh, Identity>>, Image>();
}

TEST_CASE("graphs: batch norm, sum and activation") {
    graph_laws<Net<Same, BatchNorm<>, Tanh, Sum<Net<Same, BatchNorm<>>, Net<Point, BatchNorm<>>>, Tanh,
                   Residual<Same, BatchNorm<>>, Sigmoid>,
               Image>();
}

TEST_CASE("graphs: dropout in a branch, and in front of all") {
    graph_laws<Net<Dropout<20>, Same, Sum<Net<Point, Dropout<30>>, Net<Dropout<40>, Tanh>>, Dropout<20>, Tanh,
                   Concat<Identity, Dropout<50>>>,
               Image>();
}

TEST_CASE("graphs: the same value twice, in a sum, a product and a concat") {
    graph_laws<Net<Point, Sum<Identity, Identity>, Same, Product<Identity, Identity>, Same,
                   Concat<Identity, Identity>>,
               Image>();
    graph_laws<Net<Sum<Identity, Identity>, Concat<Identity, Identity>>, Image>();
}

TEST_CASE("graphs: what a sum adds may be in planes, where its convolution has channels side by side") {
    graph_laws<Net<Same, Tanh, As<struct seen_twice>, Residual<Same, Tanh, Same>, Same,
                   Concat<Net<Flatten>, Net<From<struct seen_twice>, Softmax, Flatten>>>,
               Image>();
}
