#include <lamina/core.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace ln = lamina;

namespace {

using Card = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
using Model = ln::Model<Card, ln::Shape<1, 28, 28>>;

template <class Tensor>
Tensor made(std::uint64_t start) {
    ln::Random random{ln::seed{start}};
    Tensor t;
    for (auto& e : t)
        e = static_cast<typename Tensor::value_type>(random.symmetric());
    return t;
}

/// Outputs of batch and single sample add the same numbers, perhaps in another order: a few units in the last
/// place of float (6e-8) of sums of thousands of terms.
template <class Output>
bool close(const Output& a, const Output& b) {
    for (int i = 0; i < Output::size; ++i)
        if (!(std::abs(a[i] - b[i]) <= 1e-5F * (1 + std::abs(a[i]))))
            return false;
    return true;
}

/// The largest magnitude of a weight, and the mean.
struct Spread {
    double largest = 0;
    double mean = 0;
};
template <class View>
Spread spread(View weights) {
    Spread s;
    for (const auto w : weights) {
        s.largest = std::max(s.largest, std::abs(static_cast<double>(w)));
        s.mean += static_cast<double>(w) / View::size;
    }
    return s;
}

/// Weights fill an even distribution up to `bound`: the largest of 1,000 or more is within 1% of it (missed
/// once in 23,000), their mean within 5 standard deviations of 0.
template <class View>
void check_even(View weights, double bound) {
    static_assert(View::size >= 1000);
    const Spread s = spread(weights);
    CHECK(s.largest <= bound * (1 + 1e-7)); // rounding of the product
    CHECK(s.largest > 0.99 * bound);
    CHECK(std::abs(s.mean) < 5 * bound / std::sqrt(3.0 * View::size));
}

/// FNV-1a, of the bits of numbers.
template <class T>
std::uint64_t hash(std::span<const T> numbers) {
    std::uint64_t h = 0xcbf29ce484222325U;
    for (const T& number : numbers) {
        unsigned char bytes[sizeof(T)];
        std::memcpy(bytes, &number, sizeof(T));
        for (const unsigned char byte : bytes)
            h = (h ^ byte) * 0x100000001b3U;
    }
    return h;
}

} // namespace

TEST_CASE("model: a batch of any size gives what its samples give one by one") {
    const Model model{ln::seed{3}};
    constexpr int lanes = ln::native_lanes<float>;
    for (const int count : {0, 1, 2, lanes - 1, lanes, lanes + 1, 3 * lanes + 2}) {
        std::vector<Model::Input> x;
        for (int i = 0; i < count; ++i)
            x.push_back(made<Model::Input>(static_cast<std::uint64_t>(i)));
        Model::Output untouched;
        std::fill(untouched.begin(), untouched.end(), -7.0F);
        std::vector<Model::Output> y(x.size() + 1, untouched);
        model.forward(x, y);
        for (std::size_t i = 0; i < x.size(); ++i)
            CHECK(close(model.forward(x[i]), y[i]));
        CHECK(y.back() == untouched);
    }
}

TEST_CASE("model: outputs that overwrite inputs still to be read are refused") {
    using Same = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<3>>;
    const Same model{ln::seed{3}};
    std::vector<Same::Input> x;
    for (std::uint64_t i = 0; i < 40; ++i)
        x.push_back(made<Same::Input>(i));
    std::vector<Same::Output> y(x.size());
    model.forward(x, y);
    const std::span all{x};
    const char* const message =
        "forward: expected outputs that lie apart from the inputs, found some that overlap";
    CHECK_THROWS_WITH_AS(model.forward(all.first(30), all.subspan(1)), message, ln::data_error);
    CHECK_THROWS_WITH_AS(model.forward(all.subspan(1), all), message, ln::data_error);
    model.forward(all.first(20), all.last(20)); // side by side
    CHECK(std::equal(y.begin(), y.begin() + 20, x.begin() + 20));
    const std::vector<Same::Output> first(y.begin(), y.begin() + 20);
    model.forward(all.first(20), all.first(20)); // each in its own place
    CHECK(std::equal(first.begin(), first.end(), x.begin()));
}

TEST_CASE("model: a workspace elsewhere gives the same, also when used again") {
    const Model model{ln::seed{3}};
    const Model::Input x = made<Model::Input>(1), other = made<Model::Input>(2);
    const auto workspace = std::make_unique<Model::Workspace>();
    const auto batch = std::make_unique<Model::BatchWorkspace>();
    const Model::Output y = model.forward(x, *workspace);
    CHECK(y == model.forward(x));
    CHECK(model.forward(other, *workspace) == model.forward(other));
    CHECK(model.forward(x, *workspace) == y);
    std::vector<Model::Output> answers(2), again(2);
    model.forward(std::vector{x, other}, answers, *batch);
    model.forward(std::vector{x, other}, again, *batch);
    CHECK(answers == again);
    CHECK(close(answers[0], y));
}

TEST_CASE("model: a batch does without Winograd's algorithm if its memory exceeds the stack budget") {
    using Topology = ln::Net<ln::Conv<128, 3, 1, 1>, ln::ReLU, ln::Conv<128, 3, 1, 1>>;
    using Wide = ln::Model<Topology, ln::Shape<8, 8, 8>>;
    using ExactWide = ln::Model<ln::Exact<Topology>, ln::Shape<8, 8, 8>>;
    if constexpr (sizeof(Wide::BatchWorkspace) > ln::stack_budget) { // with vectors
        const auto model = std::make_unique<Wide>(ln::seed{1});
        const auto exact = std::make_unique<ExactWide>(ln::seed{1});
        const auto workspace = std::make_unique<Wide::BatchWorkspace>();
        const std::size_t count = std::size_t{ln::native_lanes<float>} + 3;
        std::vector<Wide::Input> x;
        for (std::size_t s = 0; s < count; ++s)
            x.push_back(made<Wide::Input>(s));
        std::vector<Wide::Output> y(count), expected(count), by_winograd(count);
        model->forward(x, y);
        exact->forward(x, expected);
        model->forward(x, by_winograd, *workspace);
        double largest = 0;
        bool differs = false;
        for (std::size_t s = 0; s < count; ++s)
            for (int i = 0; i < Wide::Output::size; ++i) {
                CHECK(ln::is_equal(y[s][i], expected[s][i]));
                largest = std::max(largest, std::abs(double{y[s][i]} - double{by_winograd[s][i]}));
                differs = differs || !ln::is_equal(y[s][i], by_winograd[s][i]);
            }
        CHECK(differs);
        CHECK(largest < 1e-4);
    }
}

/// Of each number of samples up to some packs, against the samples one by one.
template <class Topology, class In, class T = float>
void check_batches_of_two_packs() {
    using Dense = ln::Model<Topology, In, T>;
    using Pass = ln::topology::InferencePass<typename Dense::plan, ln::pack<T>>;
    static_assert(sizeof(typename Dense::BatchWorkspace) == 2 * sizeof(Pass));
    const auto model = std::make_unique<Dense>(ln::seed{3});
    const auto workspace = std::make_unique<typename Dense::BatchWorkspace>();
    constexpr std::size_t lanes = ln::native_lanes<T>;
    std::vector<typename Dense::Input> x;
    std::vector<typename Dense::Output> alone(5 * lanes + 3);
    for (std::size_t i = 0; i < alone.size(); ++i) {
        x.push_back(made<typename Dense::Input>(i));
        model->forward(std::span{x}.subspan(i), std::span{alone}.subspan(i, 1), *workspace);
    }
    CHECK(close(alone[1], model->forward(x[1])));
    bool same = true;
    for (std::size_t count = 0; count <= x.size(); ++count) {
        std::vector<typename Dense::Output> y(count + 1);
        model->forward(std::span{x}.first(count), y, *workspace);
        same =
            same && std::equal(y.begin(), y.end() - 1, alone.begin()) && y[count] == typename Dense::Output{};
        if constexpr (std::is_same_v<typename Dense::Input, typename Dense::Output>) { // in place
            std::vector<typename Dense::Input> both(x.begin(),
                                                    x.begin() + static_cast<std::ptrdiff_t>(count));
            model->forward(both, both);
            same = same && std::equal(both.begin(), both.end(), alone.begin());
        }
    }
    CHECK(same);
}

TEST_CASE("model: batches of a dense network, two packs at a time, give the bits of one") {
    static_assert(std::is_same_v<Model::BatchWorkspace,
                                 ln::topology::InferencePass<Model::plan, ln::pack<float>>>); // convolutions
    // A halo that dense layers do without, layers that know no pairs, branches.
    check_batches_of_two_packs<ln::Net<ln::Conv<2, 3, 1, 1>, ln::ReLU, ln::Dense<70>, ln::Tanh,
                                       ln::Residual<ln::Dense<70>, ln::LayerNorm, ln::GELU>,
                                       ln::Concat<ln::Dense<3>, ln::NoBias<ln::Dense<4>>>, ln::Softmax>,
                               ln::Shape<1, 9, 11>>();
    // The first layer puts samples into lanes: a number of inputs that is no multiple of a block, inputs that
    // others read after it, fewer than a block, and samples that their outputs replace.
    check_batches_of_two_packs<ln::Net<ln::Dense<70>, ln::ReLU, ln::Dense<3>>, ln::Shape<1, 9, 11>>();
    check_batches_of_two_packs<ln::Net<ln::Concat<ln::Dense<30>, ln::Dense<4>>>, ln::Shape<18>>();
    check_batches_of_two_packs<ln::Net<ln::Dense<20>, ln::SiLU, ln::Dense<3>>, ln::Shape<3>>();
    check_batches_of_two_packs<ln::Net<ln::Dense<29>, ln::Tanh>, ln::Shape<29>>();
    check_batches_of_two_packs<ln::Net<ln::Dense<9>, ln::Tanh>, ln::Shape<9>, double>();
}

/// Has another `forward` than the layer that it derives from.
struct Doubled : ln::Dense<3> {
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        for (int o = 0; o < 3; ++o)
            y[o] = p.bias[o] + x[o] + x[o];
    }
};
TEST_CASE("model: two packs of a layer that derives from Dense are its own") {
    using Own = ln::Model<ln::Net<Doubled>, ln::Shape<5>>;
    const Own model{ln::seed{3}};
    std::vector<Own::Input> x;
    for (std::uint64_t i = 0; i < 70; ++i)
        x.push_back(made<Own::Input>(i));
    std::vector<Own::Output> y(x.size());
    model.forward(x, y);
    bool same = true;
    for (std::size_t i = 0; i < x.size(); ++i)
        for (int o = 0; o < 3; ++o)
            same = same && ln::is_equal(y[i][o], x[i][o] + x[i][o]);
    CHECK(same);
}

TEST_CASE("model: a batch passes one pack at a time where two exceed the stack budget") {
    using Wide = ln::Model<ln::Net<ln::Dense<64>, ln::ReLU, ln::Dense<3>>, ln::Shape<1, 128, 160>>;
    const auto model = std::make_unique<Wide>(ln::seed{3});
    std::vector<Wide::Input> x(3 * ln::native_lanes<float>);
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] = made<Wide::Input>(i);
    std::vector<Wide::Output> y(x.size()), expected(x.size());
    const auto workspace = std::make_unique<Wide::BatchWorkspace>();
    model->forward(x, expected, *workspace);
    model->forward(x, y);
    CHECK(y == expected);
}

TEST_CASE("model: a model in double gives what one in float gives, more exactly") {
    ln::Model<Card, ln::Shape<1, 28, 28>, double> exact{ln::seed{3}};
    const Model model{ln::seed{3}};
    bool rounded = true;
    for (std::size_t i = 0; i < model.parameters().size(); ++i)
        rounded = rounded && model.parameters()[i] == static_cast<float>(exact.parameters()[i]);
    CHECK(rounded);
    const auto x = made<Model::Input>(1);
    const auto y = exact.forward(made<ln::Tensor<double, ln::Shape<1, 28, 28>>>(1));
    for (int i = 0; i < 10; ++i)
        CHECK(std::abs(model.forward(x)[i] - static_cast<float>(y[i])) < 1e-5F);
}

TEST_CASE("model: without a seed all parameters are zero") {
    const Model model;
    CHECK(std::all_of(model.parameters().begin(), model.parameters().end(), [](float p) { return p == 0; }));
    CHECK(model.forward(made<Model::Input>(1)) == Model::Output{});
}

TEST_CASE("model: views show the flat array, each from 64 bytes on, the padding between them zero") {
    using Odd = ln::Model<ln::Net<ln::Conv<3, 3>, ln::Dense<7>, ln::Tanh, ln::Dense<5>>, ln::Shape<2, 6, 6>>;
    Odd model{ln::seed{5}};
    const auto start = [](auto view) { return reinterpret_cast<std::uintptr_t>(view.data()); };
    CHECK(start(model.weight<0>()) % 64 == 0);
    CHECK(start(model.bias<0>()) % 64 == 0);
    CHECK(start(model.weight<1>()) % 64 == 0);
    CHECK(start(model.bias<1>()) % 64 == 0);
    CHECK(start(model.weight<3>()) % 64 == 0);
    CHECK(start(model.bias<3>()) % 64 == 0);
    CHECK(model.weight<0>().data() == model.parameters().data());

    const auto fill = [](auto view) { std::fill(view.begin(), view.end(), 2.0F); };
    fill(model.weight<0>());
    fill(model.bias<0>());
    fill(model.weight<1>());
    fill(model.bias<1>());
    fill(model.weight<3>());
    fill(model.bias<3>());
    const auto flat = model.parameters();
    CHECK(std::count(flat.begin(), flat.end(), 2.0F) == Odd::parameter_count);
    CHECK(std::count(flat.begin(), flat.end(), 0.0F) == Odd::parameter_extent - Odd::parameter_count);
}

TEST_CASE("model: before a rectifier weights are He's, else Glorot's, biases and padding zero") {
    using Relu = ln::Model<ln::Net<ln::Conv<8, 5>, ln::ReLU, ln::Dense<20>, ln::LeakyReLU<1, 2>,
                                   ln::Dense<50>, ln::Tanh, ln::Dense<30>>,
                           ln::Shape<5, 9, 9>>;
    const Relu model{ln::seed{42}};
    check_even(model.weight<0>(), std::sqrt(6.0 / (5 * 25)));
    check_even(model.weight<2>(), std::sqrt(6.0 / (1.25 * 8 * 25)));
    check_even(model.weight<4>(), std::sqrt(6.0 / (20 + 50)));
    check_even(model.weight<6>(), std::sqrt(6.0 / (50 + 30)));
    const auto flat = model.parameters();
    const auto zeros = std::count(flat.begin(), flat.end(), 0.0F);
    CHECK(zeros ==
          Relu::parameter_extent - Relu::parameter_count + 8 + 20 + 50 + 30); // padding and all biases
    CHECK(spread(model.bias<0>()).largest == 0);
    CHECK(spread(model.bias<6>()).largest == 0);
}

TEST_CASE("model: before activations that are like a ReLU far from zero weights are He's, and slopes begin "
          "as 0.25") {
    using Alike =
        ln::Model<ln::Net<ln::Dense<40>, ln::ReLU6, ln::Dense<40>, ln::ELU<>, ln::Dense<40>, ln::SiLU,
                          ln::Dense<40>, ln::GELU, ln::Dense<40>, ln::GELUTanh, ln::Dense<40>, ln::HardSwish,
                          ln::Dense<40>, ln::PReLU<40>, ln::Dense<30>, ln::Scale<2>>,
                  ln::Shape<40>>;
    const Alike model{ln::seed{42}};
    const double he = std::sqrt(6.0 / 40);
    check_even(model.weight<0>(), he);
    check_even(model.weight<2>(), he);
    check_even(model.weight<4>(), he);
    check_even(model.weight<6>(), he);
    check_even(model.weight<8>(), he);
    check_even(model.weight<10>(), he);
    check_even(model.weight<12>(), std::sqrt(6.0 / (1.0625 * 40)));
    check_even(model.weight<14>(), std::sqrt(6.0 / (40 + 30)));
    for (const float slope : model.weight<13>())
        CHECK(slope == 0.25F);
}

TEST_CASE("model: He's rule looks through a pool, not through a tanh or another weight") {
    using Pooled = ln::Model<ln::Net<ln::Conv<8, 5>, ln::MaxPool<2, 2>, ln::ReLU, ln::Flatten, ln::Dense<4>>,
                             ln::Shape<6, 12, 12>>;
    check_even(Pooled{ln::seed{1}}.weight<0>(), std::sqrt(6.0 / 150));
    using Hidden = ln::Model<ln::Net<ln::Conv<8, 5>, ln::Tanh, ln::ReLU, ln::Dense<4>>, ln::Shape<6, 12, 12>>;
    check_even(Hidden{ln::seed{1}}.weight<0>(), std::sqrt(6.0 / (6 * 25 + 8 * 25)));
}

/// x ReLU6(x + 3) / 6 as a user may write it: a layer that says nothing of itself.
struct HardSwish {
    static constexpr const char* name = "HardSwish";
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto, auto y) noexcept {
        using E = typename decltype(y)::element;
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] * (E(6) - ln::max(E(0), E(6) - ln::max(E(0), x[i] + E(3)))) * E(1.0F / 6);
    }
    static constexpr void input_gradient(auto x, auto, auto dy, auto, auto dx) noexcept {
        using E = typename decltype(dx)::element;
        for (int i = 0; i < x.size; ++i)
            dx[i] = dy[i] * ln::select(x[i] < E(-3), E(0),
                                       ln::select(x[i] > E(3), E(1), (x[i] + x[i] + E(3)) * E(1.0F / 6)));
    }
};

TEST_CASE(
    "model: initial weights look through pools and Flatten only, not through any layer without weights") {
    const double glorot = std::sqrt(6.0 / (144 + 40)), he = std::sqrt(6.0 / 144);
    const auto check = [](const auto& model, double bound) { check_even(model.template weight<0>(), bound); };
    using In = ln::Shape<144>;
    check(ln::Model<ln::Net<ln::Dense<40>, ln::Flatten, ln::ReLU>, In>{ln::seed{1}}, he);
    check(ln::Model<ln::Net<ln::Dense<40>, HardSwish, ln::ReLU>, In>{ln::seed{1}}, glorot);
    check(ln::Model<ln::Net<ln::Dense<40>, ln::Softmax, ln::ReLU>, In>{ln::seed{1}}, glorot);
    check(ln::Model<ln::Net<ln::Dense<40>, HardSwish, ln::Softmax, ln::ReLU>, In>{ln::seed{1}}, glorot);
    using Averaged = ln::Net<ln::Conv<8, 5>, ln::AvgPool<2, 2>, ln::MaxPool<2, 1>, ln::LeakyReLU<1, 2>>;
    check(ln::Model<Averaged, ln::Shape<6, 12, 12>>{ln::seed{1}}, std::sqrt(6.0 / (1.25 * 150)));
}

TEST_CASE("model: the same seed gives the same bits with every compiler and vector width") {
    const Model model{ln::seed{42}};
    CHECK(hash<float>(model.parameters()) == 0x6772f265e1973577U);
    CHECK(hash<double>(ln::Model<Card, ln::Shape<1, 28, 28>, double>{ln::seed{42}}.parameters()) ==
          0xf8459b2972cedb1dU);
    CHECK(hash<float>(Model{ln::seed{43}}.parameters()) != hash<float>(model.parameters()));
}

TEST_CASE("model: copies are equal and independent") {
    Model model{ln::seed{1}};
    const Model copy = model;
    model.weight<0>()(0, 0, 0, 0) += 1;
    CHECK(copy.weight<0>()(0, 0, 0, 0) == model.weight<0>()(0, 0, 0, 0) - 1);
    const Model::Input x = made<Model::Input>(1);
    CHECK(!(copy.forward(x) == model.forward(x)));
    model = copy;
    CHECK(copy.forward(x) == model.forward(x));
}

TEST_CASE("a batch needs room for its outputs") {
    using Small = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<3>>;
    const Small model{ln::seed{1}};
    const std::vector<Small::Input> x(5);
    std::vector<Small::Output> y(4);
    CHECK_THROWS_WITH_AS(model.forward(x, y), "forward: expected room for the outputs of 5 inputs, found 4",
                         ln::data_error);
}
