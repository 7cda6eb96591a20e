#include <lamina/core.hpp>
#include <lamina/io/embed.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/model/fold.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ln = lamina;

namespace {

template <class Topology, class Expected>
constexpr bool folds_to = std::is_same_v<ln::Folded<Topology>, Expected>;
template <class Topology>
constexpr bool is_its_own = folds_to<Topology, Topology>;

using Wide = ln::Conv<11, 3, 1, 1>;
using BN = ln::BatchNorm<>;
using Conv = ln::Conv<4, 3, 1, 1>;
struct skip;

// Each batch norm right behind a convolution or a dense layer is gone, and so is dropout.
static_assert(folds_to<ln::Net<Conv, BN, ln::ReLU, ln::Dropout<>, ln::Dense<3>, BN>,
                       ln::Net<Conv, ln::ReLU, ln::Dense<3>>>);
static_assert(
    folds_to<ln::Net<Conv, ln::Dropout<>, BN, ln::BatchNorm<5>, ln::ReLU>, ln::Net<Conv, ln::ReLU>>);
static_assert(folds_to<ln::Strict<ln::Net<Conv, BN>>, ln::Strict<ln::Net<Conv>>>);
// A layer without a bias gets one from it.
static_assert(folds_to<ln::Net<ln::NoBias<Conv>, BN, ln::Named<"out", ln::NoBias<ln::Dense<3>>>, BN>,
                       ln::Net<Conv, ln::Named<"out", ln::Dense<3>>>>);
static_assert(is_its_own<ln::Net<ln::NoBias<Conv>, ln::ReLU, BN>>);
// One behind another layer stays: in particular, where the value before it has a name, and in another list.
static_assert(is_its_own<ln::Net<BN, Conv, ln::ReLU, BN, ln::Dense<3>>>);
static_assert(is_its_own<ln::Net<Conv, ln::As<skip>, BN, ln::Sum<ln::Identity, ln::From<skip>>>>);
static_assert(is_its_own<ln::Net<Conv, ln::Net<BN, ln::ReLU>>> && is_its_own<ln::Net<ln::Net<Conv>, BN>>);
static_assert(is_its_own<ln::Net<Conv, ln::Identity, BN>>);
static_assert(is_its_own<ln::Net<Conv, ln::LayerNorm, ln::ReLU>>); // whose statistics are those of a sample
// In all lists, by any name.
static_assert(folds_to<ln::Net<ln::Named<"stem", ln::Net<ln::Named<"conv1", Conv>, ln::Named<"bn1", BN>>>,
                               ln::Dense<3>>,
                       ln::Net<ln::Named<"stem", ln::Net<ln::Named<"conv1", Conv>>>, ln::Dense<3>>>);
static_assert(folds_to<ln::Net<ln::Residual<Conv, BN, ln::ReLU, ln::Dropout<>>>,
                       ln::Net<ln::Residual<Conv, ln::ReLU>>>);
static_assert(folds_to<ln::Net<ln::Concat<ln::Net<Conv, BN>, ln::Product<ln::Net<Conv, BN>, Conv>>>,
                       ln::Net<ln::Concat<ln::Net<Conv>, ln::Product<ln::Net<Conv>, Conv>>>>);
static_assert(
    folds_to<ln::Net<Conv, BN, ln::Outputs<ln::Net<ln::Dense<3>, BN>, ln::Net<ln::Dropout<>, ln::Dense<1>>>>,
             ln::Net<Conv, ln::Outputs<ln::Net<ln::Dense<3>>, ln::Net<ln::Dense<1>>>>>);
static_assert(folds_to<ln::Net<ln::Repeat<3, Conv, BN, ln::ReLU>>, ln::Net<ln::Repeat<3, Conv, ln::ReLU>>>);
// What has lost all its layers hands its input on: a list is gone, a branch is Identity.
static_assert(
    folds_to<ln::Net<ln::Net<ln::Dropout<>>, ln::Repeat<2, ln::Dropout<>>, ln::ReLU>, ln::Net<ln::ReLU>>);
static_assert(
    folds_to<ln::Net<ln::Named<"drop", ln::Net<ln::Net<ln::Dropout<>>>>, ln::ReLU>, ln::Net<ln::ReLU>>);
static_assert(folds_to<ln::Net<ln::Sum<ln::Net<ln::Dropout<>>, ln::Dropout<>, Conv>>,
                       ln::Net<ln::Sum<ln::Identity, ln::Identity, Conv>>>);
static_assert(folds_to<ln::Net<ln::Dropout<>>, ln::Net<>>);
// What has neither batch norm nor dropout is its own folded topology.
static_assert(is_its_own<ln::Net<ln::Repeat<2, Conv>, ln::Concat<ln::Net<ln::Net<>>, Conv>, ln::As<skip>,
                                 ln::Named<"x", ln::From<skip>>, ln::Flatten, ln::Dense<10>, ln::Softmax>>);

// Networks that are deployed, with the numbers of parameters that are known of them folded.
template <int C, int S, class Shortcut>
using Block =
    ln::Net<ln::Sum<ln::Net<ln::Conv<C, 3, S, 1>, BN, ln::ReLU, ln::Conv<C, 3, 1, 1>, BN>, Shortcut>,
            ln::ReLU>;
using ResNet8 =
    ln::Net<ln::Conv<16, 3, 1, 1>, BN, ln::ReLU, Block<16, 1, ln::Identity>,
            Block<32, 2, ln::Net<ln::Conv<32, 1, 2>, BN>>, Block<64, 2, ln::Net<ln::Conv<64, 1, 2>, BN>>,
            ln::AvgPool<8, 8>, ln::Dropout<20>, ln::Dense<10>, ln::Softmax>;
using FoldedResNet8 = ln::Model<ln::Folded<ResNet8>, ln::Shape<3, 32, 32>>;
static_assert(FoldedResNet8::parameter_count == 77'706 && FoldedResNet8::macs == 12'501'632);
template <int Outputs>
using Layer = ln::Net<ln::Dense<Outputs>, BN, ln::ReLU>;
using Autoencoder = ln::Net<Layer<128>, ln::Repeat<3, Layer<128>>, Layer<8>, Layer<128>,
                            ln::Repeat<3, Layer<128>>, ln::Dense<640>>;
using FoldedAutoencoder = ln::Model<ln::Folded<Autoencoder>, ln::Shape<640>>;
static_assert(FoldedAutoencoder::parameter_count == 265'864 && FoldedAutoencoder::macs == 264'192);

/// Whether a model has a tensor of batch norm.
template <class Model>
constexpr bool has_running_statistics = [] {
    for (const ln::ModelTensor& t : Model::tensors)
        if (t.lifetime == ln::Lifetime::kept)
            return true;
    return false;
}();
static_assert(has_running_statistics<ln::Model<ResNet8, ln::Shape<3, 32, 32>>> &&
              !has_running_statistics<FoldedResNet8>);

using Chain = ln::Net<ln::Conv<6, 3, 1, 1>, BN, ln::ReLU, ln::MaxPool<2, 2>, ln::Dropout<20>, ln::Conv<5, 3>,
                      BN, ln::BatchNorm<5>, ln::Tanh, ln::Dense<7>, ln::Dropout<10>, BN, ln::ReLU,
                      ln::Dense<3>, ln::Dropout<5>>;
using Nested = ln::Net<
    BN, ln::Named<"stem", ln::Net<ln::Named<"conv1", Conv>, ln::Named<"bn1", BN>, ln::ReLU>>, ln::As<skip>,
    ln::Repeat<2, Conv, BN, ln::ReLU>, ln::Sum<ln::From<skip>, ln::Dropout<30>>,
    ln::Concat<ln::Dropout<10>, ln::Net<ln::Conv<3, 1>, BN>, ln::Net<ln::Dropout<>, ln::Dropout<>>>, ln::ReLU,
    BN, ln::Net<BN>, ln::Product<ln::Identity, ln::Net<ln::Conv<11, 1>, BN, ln::Sigmoid>>,
    ln::Residual<Wide, BN, ln::ReLU, Wide, BN>, ln::Net<ln::Dropout<>>,
    ln::Outputs<ln::Named<"scores", ln::Net<ln::Dense<4>, BN>>, ln::Net<ln::Dropout<>, ln::Dense<1>>>>;

/// Numbers as training leaves them: no running statistic, scale or bias is what it began with.
template <class Model>
void fill(Model& model) {
    model = Model{ln::seed{1}};
    ln::Random random{ln::seed{2}};
    for (const ln::ModelTensor& t : Model::tensors)
        for (std::size_t i = t.offset; !t.initial.is_drawn && i < t.offset + t.size; ++i) {
            const bool is_positive = t.initial.value > 0;
            model.numbers()[i] =
                static_cast<typename Model::scalar>((is_positive ? 1.1 : 0.0) + random.symmetric());
        }
}
template <class Model>
std::vector<typename Model::Input> inputs(int count) {
    std::vector<typename Model::Input> x(static_cast<std::size_t>(count));
    ln::Random random{ln::seed{3}};
    for (auto& sample : x)
        for (auto& e : sample)
            e = static_cast<typename Model::scalar>(random.symmetric());
    return x;
}

// The arithmetic, in a constant expression: y = 2 (3 x + 1 - 5) / sqrt(4) + 7 = 3 x + 3.
constexpr auto exact = [] {
    ln::Model<ln::Net<ln::Dense<1>, BN>, ln::Shape<1>, double> model;
    const double numbers[] = {3, 1, 2, 7, 5, 4 - BN::epsilon};
    for (std::size_t t = 0; t < model.tensors.size(); ++t)
        model.numbers()[model.tensors[t].offset] = numbers[t];
    return model;
}();
constexpr auto exact_folded = ln::fold(exact);
constexpr bool is_near(double a, double b) {
    return a - b < 1e-14 && b - a < 1e-14;
}
static_assert(exact_folded.tensors.size() == 2 && is_near(exact_folded.weight<0>()[0], 3) &&
              is_near(exact_folded.bias<0>()[0], 3));

// A user's layer of that kind, without knowing that others do the same: y(c) = a(c) x(c) + b(c). It becomes
// part of a layer before it, and others become part of it.
struct Gain {
    static constexpr const char* name = "Gain";
    template <class In>
    using output = In;
    template <class In>
    using weight = ln::Shape<In::extents[0]>;
    template <class In>
    using bias = ln::Shape<In::extents[0]>;
    static constexpr double initial_weight = 1;
    static constexpr bool only_scales = true, takes_scale = true;

    static constexpr ln::ScaleAndShift scale_and_shift(int channel, auto p, auto /*kept*/) noexcept {
        return {p.weight[channel], p.bias[channel]};
    }
    static constexpr void forward(auto x, auto p, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = p.weight[i / (x.size / p.bias.size)] * x[i] + p.bias[i / (x.size / p.bias.size)];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = p.weight[i / (dx.size / p.bias.size)] * dy[i];
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) noexcept {
        for (int i = 0; i < x.size; ++i) {
            dp.weight[i / (x.size / dp.bias.size)] += ln::lane_sum(x[i] * dy[i]);
            dp.bias[i / (x.size / dp.bias.size)] += ln::lane_sum(dy[i]);
        }
    }
};
using Gains = ln::Net<Gain, BN, Gain, ln::Conv<4, 3>, Gain, BN, ln::ReLU, ln::Dense<5>, Gain, ln::Tanh, Gain>;
static_assert(folds_to<Gains, ln::Net<Gain, ln::Conv<4, 3>, ln::ReLU, ln::Dense<5>, ln::Tanh, Gain>>);

/// The largest difference between outputs of two models, divided by the largest output.
template <class A, class B>
double difference(const A& a, const B& b) {
    double most = 0, largest = 0;
    for (const auto& x : inputs<A>(21)) {
        const auto y = a.forward(x);
        const auto z = b.forward(x);
        for (int o = 0; o < y.size; ++o) {
            largest = std::max(largest, std::abs(double{y[o]}));
            most = std::isfinite(z[o]) ? std::max(most, std::abs(double{y[o]} - double{z[o]})) : INFINITY;
        }
    }
    CHECK(largest > 0.1);
    return most / largest;
}
template <class Model>
double difference_of_folded() {
    const auto model = std::make_unique<Model>();
    fill(*model);
    return difference(*model, ln::fold(*model));
}

// In double, some ten layers round each at 1e-16. In float, at 6e-8, sums of up to 100 terms.
constexpr double in_double = 1e-12, in_float = 2e-5;

} // namespace

TEST_CASE_TEMPLATE("fold: the same outputs as the model's, of a chain", T, float, double) {
    using Model = ln::Model<Chain, ln::Shape<2, 8, 8>, T>;
    CHECK(difference_of_folded<Model>() <= (sizeof(T) == 8 ? in_double : in_float));
}

TEST_CASE_TEMPLATE("fold: the same outputs as the model's, of convolutions by groups and without a bias", T,
                   float, double) {
    using Net = ln::Net<ln::NoBias<ln::Conv<12, ln::size{4, 3}, 2, ln::same>>, BN, ln::ReLU,
                        ln::NoBias<ln::DepthwiseConv<3, 1, ln::same, 1, 2>>, BN, ln::Conv<6, 1, 1, 0, 1, 2>,
                        BN, ln::ReLU, ln::NoBias<ln::TransposedConv<4, 3, 2, ln::same>>, BN,
                        ln::NoBias<ln::Dense<5>>, BN>;
    CHECK(difference_of_folded<ln::Model<Net, ln::Shape<3, 9, 8>, T>>() <=
          (sizeof(T) == 8 ? in_double : in_float));
}
TEST_CASE_TEMPLATE("fold: the same outputs as the model's, of nested lists, branches and names", T, float,
                   double) {
    using Model = ln::Model<Nested, ln::Shape<2, 6, 6>, T>;
    CHECK(difference_of_folded<Model>() <= (sizeof(T) == 8 ? in_double : in_float));
    // Three of its batch norms follow something else, and stay.
    using Folded = decltype(ln::fold(Model{}));
    CHECK(std::count_if(Folded::layers.begin(), Folded::layers.end(), [](const auto& layer) {
              return std::string_view{layer.name}.starts_with("BatchNorm");
          }) == 3);
}

TEST_CASE(
    "fold: a user's layers take part, as those that are folded and as those that others are folded into") {
    CHECK(difference_of_folded<ln::Model<Gains, ln::Shape<3, 6, 6>, double>>() <= in_double);
}

TEST_CASE("fold: layers on each step of a sequence, of vectors and of images") {
    using OnVectors = ln::Net<ln::NoBias<ln::Dense<4>>, BN, Gain, ln::Tanh, ln::Last>;
    static_assert(folds_to<OnVectors, ln::Net<ln::Dense<4>, ln::Tanh, ln::Last>>);
    CHECK(difference_of_folded<ln::Model<OnVectors, ln::Sequence<3, ln::Shape<2>>, double>>() <= in_double);
    using OnImages = ln::Net<ln::NoBias<Conv>, BN, Gain, ln::ReLU, ln::Last>;
    CHECK(difference_of_folded<ln::Model<OnImages, ln::Sequence<3, ln::Shape<2, 4, 4>>, double>>() <=
          in_double);
}

TEST_CASE("fold: after training, the running statistics at that time are part of the layers") {
    using Model = ln::Model<
        ln::Net<ln::Conv<4, 3>, BN, ln::ReLU, ln::Dropout<20>, ln::Dense<6>, BN, ln::Tanh, ln::Dense<2>>,
        ln::Shape<2, 5, 5>, double>;
    Model model{ln::seed{1}};
    const auto x = inputs<Model>(48);
    std::vector<int> labels(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        labels[i] = x[i](0, 2, 2) > 0 ? 1 : 0;
    const ln::data::Samples samples{x, labels};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1}};
    const auto before = ln::fold(model);
    for (std::uint32_t step = 0; step < 20; ++step) {
        std::uint32_t batch[16];
        for (std::uint32_t i = 0; i < 16; ++i)
            batch[i] = (16 * step + i) % 48;
        trainer.step(samples, batch);
    }
    CHECK(difference(model, ln::fold(model)) <= in_double);
    CHECK(difference(model, before) > 0.01);
}

TEST_CASE("fold: a network without batch norm and dropout is copied, to the bit") {
    using Model = ln::Model<ln::Net<ln::Conv<3, 2>, ln::PReLU<>, ln::Dense<4>>, ln::Shape<2, 4, 4>>;
    const Model model{ln::seed{5}};
    const auto folded = ln::fold(model);
    static_assert(std::is_same_v<decltype(folded), const Model>);
    CHECK(std::ranges::equal(folded.numbers(), model.numbers()));
}

TEST_CASE("fold: into a model that is there, whatever it held") {
    const auto model = std::make_unique<ln::Model<Chain, ln::Shape<2, 8, 8>>>();
    fill(*model);
    const auto folded = std::make_unique<ln::Model<ln::Folded<Chain>, ln::Shape<2, 8, 8>>>(ln::seed{7});
    ln::fold(*model, *folded);
    CHECK(std::ranges::equal(folded->numbers(), ln::fold(*model).numbers()));
}

namespace {

using Small =
    ln::Model<ln::Net<ln::Conv<2, 2>, BN, ln::ReLU, ln::Dropout<>, ln::Dense<3>>, ln::Shape<1, 3, 4>>;
using FoldedSmall = ln::Model<ln::Net<ln::Conv<2, 2>, ln::ReLU, ln::Dense<3>>, ln::Shape<1, 3, 4>>;
constexpr FoldedSmall folded_small = [] {
    Small model;
    for (const ln::ModelTensor& t : Small::tensors)
        for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
            model.numbers()[i] = static_cast<float>(i % 7 + 1);
    return ln::fold(model);
}();
// As its header would hold it.
inline constexpr auto in_header = [] {
    ln::Embedded<float, FoldedSmall::extent, 3> data{
        {1, 3, 4}, {"Conv<2,2,1>", FoldedSmall::layers[1].name, "Dense<3>"}, {}};
    for (std::size_t i = 0; i < FoldedSmall::extent; ++i)
        data.parameters[i] = folded_small.numbers()[i];
    return data;
}();
constexpr FoldedSmall from_header = ln::with_embedded<FoldedSmall, in_header>();

} // namespace

TEST_CASE("fold: the folded model is an ordinary one for files and for embed") {
    FoldedSmall loaded{ln::seed{3}};
    ln::load(loaded, ln::save(folded_small));
    CHECK(std::ranges::equal(loaded.numbers(), folded_small.numbers()));
    CHECK(FoldedSmall::tensors[2].name == std::string_view{"2.weight"});

    CHECK(std::ranges::equal(from_header.numbers(), folded_small.numbers()));
    const std::string header = ln::embed(folded_small, "small");
    CHECK(header.find("lamina::Embedded<float, " + std::to_string(FoldedSmall::parameter_extent) +
                      ", 3> small{") != header.npos);
    CHECK(header.find("BatchNorm") == header.npos);
}
