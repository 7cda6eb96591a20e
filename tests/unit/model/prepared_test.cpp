#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <type_traits>
#include <vector>

namespace ln = lamina;

namespace {

using Body = ln::Net<ln::Conv<16, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv<16, 3, 1, 1>>;
// Tiles of both sizes, whole and not; sums, batch norm, branches, max pools of 2 and of 3, other layers.
using Topology = ln::Net<ln::Conv<16, 3, 1, 1>, ln::ReLU, ln::Residual<Body>, ln::ReLU, ln::Conv<32, 3>,
                         ln::MaxPool<2, 2>, ln::GELU, ln::Concat<ln::Conv<32, 3, 1, 1>, ln::Conv<16, 1>>,
                         ln::Conv<48, 3, 1, ln::pad{1, 2, 0, 2}>, ln::LeakyReLU<>, ln::MaxPool<3, 3>,
                         ln::Flatten, ln::Dense<12>, ln::Tanh, ln::Dense<5>>;
using Image = ln::Shape<3, 22, 23>;
using Model = ln::Model<Topology, Image>;
constexpr bool has_vectors = ln::native_lanes<float> >= 4;

template <class M>
typename M::Input made(std::uint64_t start) {
    typename M::Input x;
    ln::Random random{ln::seed{start}};
    for (auto& e : x)
        e = static_cast<typename M::scalar>(random.symmetric());
    return x;
}
template <class Y>
double difference(const Y& found, const Y& expected) {
    double most = 0, largest = 0;
    for (int i = 0; i < expected.size; ++i) {
        const double gap = std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
        if (!(gap <= most))
            most = gap;
        largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    }
    return most / largest;
}

template <class M>
void has_the_same_bits() {
    const auto model = std::make_unique<M>(ln::seed{3});
    const auto prepared = std::make_unique<ln::Prepared<M>>(*model);
    const auto x = made<M>(1);
    CHECK(std::ranges::equal(prepared->forward(x), model->forward(x)));
    static_assert(ln::Prepared<M>::bytes <= 128); // nothing is transformed
    static_assert(ln::Prepared<M>::inference_bytes == M::inference_bytes);
}

} // namespace

TEST_CASE("Prepared answers as its model up to rounding errors") {
    const auto model = std::make_unique<Model>(ln::seed{3});
    const auto prepared = std::make_unique<ln::Prepared<Model>>(*model);
    const auto workspace = std::make_unique<ln::Prepared<Model>::Workspace>();
    for (std::uint64_t start = 1; start < 5; ++start) {
        const auto x = made<Model>(start);
        const auto expected = model->forward(x);
        CHECK(difference(prepared->forward(x, *workspace), expected) <= 3e-6);
        // Whatever lay in the workspace before, and wherever it is.
        CHECK(std::ranges::equal(prepared->forward(x), prepared->forward(x, *workspace)));
    }
    // It computes by another algorithm: some bits differ.
    bool same = true;
    for (std::uint64_t start = 1; start < 5; ++start)
        same = same &&
               std::ranges::equal(prepared->forward(made<Model>(start)), model->forward(made<Model>(start)));
    CHECK(same != has_vectors);
}

TEST_CASE("Prepared leaves convolutions whose input lies in planes") {
    // The other reader of that input wants planes: a sum at the end, LayerNorm, Dense, a Flatten.
    using C = ln::Conv<16, 3, 1, 1>;
    const auto check = []<class... Layers>(ln::Net<Layers...>) {
        using M = ln::Model<ln::Net<Layers...>, ln::Shape<16, 12, 12>>;
        const auto model = std::make_unique<M>(ln::seed{3});
        const auto prepared = std::make_unique<ln::Prepared<M>>(*model);
        const auto x = made<M>(1);
        CHECK(difference(prepared->forward(x), model->forward(x)) <= 3e-6);
    };
    check(ln::Net<ln::Residual<C, ln::ReLU>, ln::Dense<10>>{});
    check(ln::Net<C, ln::ReLU, ln::Residual<C, ln::ReLU>, ln::Flatten, ln::Dense<10>>{});
    check(ln::Net<ln::Concat<ln::Identity, C>, ln::Dense<10>>{});
    check(ln::Net<C, ln::ReLU, ln::Residual<C, ln::LayerNorm>, ln::Dense<10>>{});
    check(ln::Net<C, ln::ReLU, ln::Concat<ln::Net<C, ln::Flatten>, ln::Dense<10>>, ln::Dense<10>>{});
    check(ln::Net<ln::Repeat<2, ln::Residual<ln::NoBias<C>, ln::BatchNorm<>>>, ln::As<struct Marked>, C,
                  ln::Sum<ln::Identity, ln::From<struct Marked>>, ln::Named<"end", C>, ln::GlobalAvgPool>{});
}

namespace {

/// Not Dense itself: it has a forward of its own.
template <int Outputs>
struct Doubled : ln::Dense<Outputs> {
    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        ln::Dense<Outputs>::forward(x, p, y, pass);
        for (auto& e : y)
            e = e + e;
    }
};

} // namespace

TEST_CASE("Prepared packs the weights of small dense layers") {
    constexpr int lanes = ln::native_lanes<float>;
    const auto check = []<class... Layers>(ln::Net<Layers...>, bool packs) {
        using M = ln::Model<ln::Net<Layers...>, ln::Shape<2, 3, 11>>;
        const auto model = std::make_unique<M>(ln::seed{3});
        for (float& e : model->parameters()) // biases that are not zero
            e += 0.01F;
        const auto prepared = std::make_unique<ln::Prepared<M>>(*model);
        const auto x = made<M>(1);
        CHECK(difference(prepared->forward(x), model->forward(x)) <= 1e-6);
        CHECK((sizeof *prepared > 1024) == (packs && lanes >= 8));
    };
    check(ln::Net<ln::Dense<64>, ln::Tanh, ln::Dense<48>, ln::ReLU, ln::Dense<3>>{}, true);
    check(ln::Net<ln::NoBias<ln::Dense<80>>, ln::GELU, ln::Dense<32>>{}, true);
    check(ln::Net<ln::Conv<8, 3>, ln::ReLU, ln::Dense<32>, ln::Residual<ln::Dense<32>, ln::ReLU>>{}, true);
    check(ln::Net<ln::Dense<65>, ln::Dense<16>>{}, lanes == 8); // 16 is two vectors
    check(ln::Net<Doubled<64>, ln::ReLU, ln::Dense<3>>{}, false);
    check(ln::Net<ln::Dense<512>, ln::ReLU, ln::Dense<3>>{}, false); // more than the first cache
    // One of steps is computed for many at once.
    using Steps = ln::Model<ln::Net<ln::Dense<64>, ln::ReLU>, ln::Sequence<9, ln::Shape<32>>>;
    has_the_same_bits<Steps>();
    has_the_same_bits<ln::Model<ln::Exact<ln::Net<ln::Dense<64>>>, ln::Shape<32>>>();
    has_the_same_bits<ln::Model<ln::Net<ln::Dense<64>>, ln::Shape<32>, double>>();
}

TEST_CASE("Prepared takes spans, vectors and arrays") {
    const auto model = std::make_unique<Model>(ln::seed{3});
    const auto prepared = std::make_unique<ln::Prepared<Model>>(*model);
    const auto workspace = std::make_unique<ln::Prepared<Model>::Workspace>();
    const auto x = made<Model>(1);
    const auto expected = prepared->forward(x);
    std::vector<float> numbers(x.begin(), x.end());
    CHECK(std::ranges::equal(prepared->forward(numbers), expected));
    CHECK(std::ranges::equal(prepared->forward(numbers, *workspace), expected));
    std::array<float, std::size_t{Model::Input::size}> array{};
    std::ranges::copy(numbers, array.begin());
    static_assert(noexcept(prepared->forward(array)));
    CHECK(std::ranges::equal(prepared->forward(array), expected));
    numbers.pop_back();
    CHECK_THROWS_WITH_AS(static_cast<void>(prepared->forward(numbers)),
                         "forward: expected 1518 numbers for an input of 3x22x23, found 1517",
                         ln::data_error);
}

TEST_CASE("Prepared follows its model after prepare") {
    const auto model = std::make_unique<Model>(ln::seed{3});
    const auto prepared = std::make_unique<ln::Prepared<Model>>(*model);
    const auto x = made<Model>(1);
    const auto before = prepared->forward(x);
    for (float& e : model->parameters())
        e *= 1.5F;
    prepared->prepare();
    CHECK(difference(prepared->forward(x), model->forward(x)) <= 3e-6);
    CHECK(difference(prepared->forward(x), before) > 0.1);
    const auto other = std::make_unique<ln::Prepared<Model>>(*prepared); // a copy has its own weights
    CHECK(std::ranges::equal(other->forward(x), prepared->forward(x)));
}

TEST_CASE("Prepared of an Exact network, of doubles and of other layers computes what its model does") {
    has_the_same_bits<ln::Model<ln::Exact<Topology>, Image>>();
    has_the_same_bits<ln::Model<Topology, Image, double>>();
    has_the_same_bits<ln::Model<ln::Net<ln::Conv<8, 5>, ln::ReLU, ln::Dense<3>>, Image>>();
    has_the_same_bits<
        ln::Model<ln::Net<ln::LSTM<4>, ln::Last, ln::Dense<1>>, ln::Sequence<9, ln::Shape<2>>>>();
    has_the_same_bits<ln::Model<ln::Net<ln::Conv1D<16, 3>, ln::ReLU, ln::Flatten, ln::Dense<1>>,
                                ln::Sequence<9, ln::Shape<16>>>>();
}

TEST_CASE("Prepared: the size is known while compiling") {
    using Prepared = ln::Prepared<Model>;
    static_assert(Prepared::bytes == sizeof(Prepared));
    static_assert(!has_vectors || Prepared::bytes > 36 * sizeof(float) * (2 * 16 * 16 + 16 * 32));
    static_assert(Prepared::inference_bytes == sizeof(Prepared::Workspace));
    static_assert(!std::is_constructible_v<Prepared, Model>); // of a temporary
    static_assert(std::is_nothrow_constructible_v<Prepared, const Model&>);
    using Small = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;
    static constexpr Small model;
    static_assert(std::is_same_v<decltype(ln::Prepared{model}), ln::Prepared<Small>>);
}
