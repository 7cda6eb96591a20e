// Run-time networks along time: the twin of a model is the model, in files too.
#include "compiled_once.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/dynamic/load.hpp>
#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

namespace {

/// A layer of a user that knows no time: its twin is typed code on each step.
struct Doubled {
    static constexpr const char* name = "Doubled";
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i] + x[i];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i] + dy[i];
    }
};

using Model = ln::Model<
    ln::Net<ln::CausalConv<6, 3, 2>, ln::BatchNorm<>, ln::ReLU, ln::Dense<4>, ln::LayerNorm, Doubled,
            ln::Named<"lstm", ln::LSTM<5>>, ln::Residual<ln::GRU<5>>, ln::GRU<5, ln::reset_before>,
            ln::LearntState<ln::GRU<4>>, ln::Bidirectional<ln::LSTM<3>>, ln::Last, ln::Dense<2>>,
    ln::Sequence<7, ln::Shape<3>>>;

static_assert(std::string_view{Model::tensors[8].name} == "lstm.weight_ih_l0" &&
              Model::tensors[8].shape == ln::dims{20, 4}); // as PyTorch has it

[[nodiscard]] double furthest(const auto& a, const auto& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        most = (std::max)(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    return most;
}

} // namespace

TEST_CASE("dynamic: sequences, as a model has them") {
    Model model{ln::seed{4}};
    dynamic::Network net = dynamic::twin(model);
    ln::Random random{ln::seed{9}};
    std::vector<Model::Input> inputs(21);
    std::vector<Model::Output> targets(21), outputs(21);
    for (auto& x : inputs)
        for (float& e : x)
            e = static_cast<float>(random.symmetric());
    for (auto& t : targets)
        for (float& e : t)
            e = static_cast<float>(random.symmetric());
    const auto same_outputs = [&](double tolerance) {
        model.forward(inputs, std::span{outputs});
        for (std::size_t i = 0; i < inputs.size(); ++i)
            CHECK(furthest(std::span<const float>{net.forward(inputs[i])},
                           std::span<const float>{outputs[i]}) <= tolerance);
    };
    same_outputs(1e-6);

    const ln::data::Samples data{inputs, targets};
    const ln::LossSum loss{ln::MeanSquaredError{}, ln::ESR{.pre_emphasis = 0.85, .epsilon = 0.5}, ln::DC{}};
    ln::Trainer trainer{model, loss.weighted(1, 0.5, 0.1), ln::SGD{.learning_rate = 0.05}};
    ln::Trainer of_twin{net, trainer.loss, ln::SGD{.learning_rate = 0.05}};
    const auto before = model;
    ln::fit(trainer, data, {.epochs = 3, .batch = 8, .progress = false});
    ln::fit(of_twin, data, {.epochs = 3, .batch = 8, .progress = false});
    CHECK(furthest(model.numbers(), net.numbers()) <= 1e-6);
    CHECK(furthest(model.numbers(), before.numbers()) > 1e-2);
    same_outputs(1e-5);

    const std::string path = "sequences_test.safetensors";
    ln::save(model, path);
    Model loaded;
    ln::load(loaded, path);
    CHECK(furthest(model.numbers(), loaded.numbers()) == 0);
    std::remove(path.c_str());
}

TEST_CASE("dynamic: a network along time from a text, and from a file alone") {
    dynamic::Network net{
        "Sequence<9,2> Dense<4> Tanh LSTM<3> GRU<4> Bidirectional<GRU<3,true>> Last Dense<2>", ln::seed{3}};
    using Same = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::LSTM<3>, ln::GRU<4>,
                                   ln::Bidirectional<ln::GRU<3, ln::reset_before>>, ln::Last, ln::Dense<2>>,
                           ln::Sequence<9, ln::Shape<2>>>;
    const Same model{ln::seed{3}};
    CHECK(furthest(model.numbers(), net.numbers()) == 0);
    const std::string path = "sequences_of_text.safetensors";
    ln::save(net, path);
    dynamic::Network loaded = dynamic::load(path);
    CHECK(furthest(loaded.numbers(), net.numbers()) == 0);
    Same again;
    ln::load(again, path); // the same bytes as a model's
    CHECK(furthest(again.numbers(), net.numbers()) == 0);
    std::remove(path.c_str());
}

TEST_CASE("dynamic: a sequence of images, as a model has it, and from a file alone") {
    using Frames = ln::Model<
        ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Concat<ln::Identity, ln::Conv<3, 1>>,
                ln::MaxPool<2, 2>, Doubled, ln::Dense<5>, ln::GRU<4>, ln::Last, ln::Dense<2>>,
        ln::Sequence<3, ln::Shape<2, 4, 6>>>;
    Frames model{ln::seed{4}};
    dynamic::Network net = dynamic::twin(model);
    ln::Random random{ln::seed{9}};
    std::vector<Frames::Input> inputs(19);
    std::vector<Frames::Output> targets(19);
    for (auto& x : inputs)
        for (float& e : x)
            e = static_cast<float>(random.symmetric());
    for (auto& t : targets)
        for (float& e : t)
            e = static_cast<float>(random.symmetric());
    const ln::data::Samples data{inputs, targets};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.05}};
    ln::Trainer of_twin{net, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.05}};
    const auto before = model;
    ln::fit(trainer, data, {.epochs = 3, .batch = 8, .progress = false});
    ln::fit(of_twin, data, {.epochs = 3, .batch = 8, .progress = false});
    CHECK(furthest(model.numbers(), net.numbers()) <= 1e-6);
    CHECK(furthest(model.numbers(), before.numbers()) > 1e-2);

    const dynamic::Network text{
        "Sequence<3,2x4x6> Conv<4,3,1,1> BatchNorm ReLU MaxPool<2,2> Dense<5> GRU<4> Last Dense<2>",
        ln::seed{3}};
    const std::string path = "images_of_text.safetensors";
    ln::save(text, path);
    dynamic::Network loaded = dynamic::load(path);
    CHECK(loaded.input() == ln::dims::sequence(3, ln::dims{2, 4, 6}));
    const std::span<const float> a = loaded.forward(inputs[0]);
    using Same = ln::Model<ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::MaxPool<2, 2>,
                                   ln::Dense<5>, ln::GRU<4>, ln::Last, ln::Dense<2>>,
                           ln::Sequence<3, ln::Shape<2, 4, 6>>>;
    Same same;
    ln::load(same, path);
    CHECK(furthest(a, std::span<const float>{same.forward(inputs[0])}) <= 1e-6);
    using OfMore = ln::Model<Same::topology, ln::Sequence<7, ln::Shape<2, 4, 6>>>;
    OfMore of_more; // files do not depend on the number of steps
    ln::load(of_more, path);
    CHECK(furthest(of_more.numbers(), same.numbers()) == 0);
    std::remove(path.c_str());
}

TEST_CASE("dynamic: labels of each step train a network that answers at each step as its model") {
    using Tagger = ln::Model<ln::Net<ln::GRU<4>, ln::Dense<3>>, ln::Sequence<5, ln::Shape<2>>>;
    std::vector<Tagger::Input> inputs(12);
    std::vector<std::array<int, 5>> labels(12);
    for (std::size_t n = 0; n < 12; ++n)
        for (int k = 0; k < 5; ++k) {
            inputs[n](0, k) = static_cast<float>(n % 3) - static_cast<float>(k % 2);
            labels[n][static_cast<std::size_t>(k)] = static_cast<int>(n + static_cast<std::size_t>(k)) % 3;
        }
    const ln::data::Samples data{inputs, labels};
    Tagger model{ln::seed{5}};
    dynamic::Network network = dynamic::twin(model);
    ln::Trainer of_model{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Trainer of_network{network, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::fit(of_model, data, {.epochs = 3, .batch = 5, .progress = false});
    ln::fit(of_network, data, {.epochs = 3, .batch = 5, .progress = false});
    CHECK(furthest(model.parameters(), network.parameters()) < 1e-6);
    const ln::Metrics a = ln::evaluate(model, data), b = ln::evaluate(network, data);
    CHECK(a.loss == doctest::Approx(b.loss).epsilon(1e-6));
    CHECK(a.accuracy == b.accuracy);
    CHECK(a.confusion(1, 1) == b.confusion(1, 1));

    const std::vector<int> one_each(12);
    CHECK_THROWS_WITH_AS(
        (void)ln::evaluate(network, ln::data::Samples{inputs, one_each}),
        "a network that ends in a sequence answers at each step: the labels of a sample are a "
        "std::array<int, Steps>, or end the network with Last. Other networks have one label "
        "for a sample. The output is Sequence<5,3>",
        ln::data_error);
}
