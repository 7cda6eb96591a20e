// Run-time networks along time: the twin of a model is the model, in files too.
#include "compiled_once.hpp"

#include <lamina/core.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/dynamic/load.hpp>
#include <lamina/dynamic/stream.hpp>
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

/// A layer of a user that sees the step before, and does not say how it goes on.
struct Previous {
    static constexpr const char* name = "Previous";
    static constexpr ln::Sees sees = ln::Sees::past;
    static constexpr int steps_before = 1;
    template <class In>
    using output = In;
    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i - 1 + (i == 0)];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
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

void draw(auto& samples, ln::Random& random) {
    for (auto& sample : samples)
        for (float& e : sample)
            e = static_cast<float>(random.symmetric());
}

} // namespace

TEST_CASE("dynamic: sequences, as a model has them") {
    Model model{ln::seed{4}};
    dynamic::Network net = dynamic::twin(model);
    ln::Random random{ln::seed{9}};
    std::vector<Model::Input> inputs(21);
    std::vector<Model::Output> targets(21), outputs(21);
    draw(inputs, random);
    draw(targets, random);
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
    draw(inputs, random);
    draw(targets, random);
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

namespace {

/// A network of so many steps gives, block after block, the numbers of a model on all of them.
template <class Topology, class Step>
void stream_equals_sequence() {
    constexpr int steps = 24;
    using Whole = ln::Model<Topology, ln::Sequence<steps, Step>>;
    Whole model{ln::seed{5}};
    ln::Random random{ln::seed{9}};
    for (float& p : model.parameters())
        p += static_cast<float>(0.1 * random.symmetric());
    typename Whole::Input x;
    for (float& e : x)
        e = static_cast<float>(random.symmetric());
    const typename Whole::Output expected = model.forward(x);

    constexpr int inputs = Step::size, outputs = Whole::Output::size / steps;
    for (const int length : {1, 3, 8}) {
        const dynamic::Network network = dynamic::on_steps(dynamic::twin(model), length);
        dynamic::Stream stream{network};
        dynamic::Stream::State middle;
        ln::Tensor<float, ln::Sequence<steps, ln::Shape<outputs>>> found;
        const auto run = [&](dynamic::Stream& own, int from) {
            for (int first = from; first < steps; first += length) {
                std::vector<float> in(static_cast<std::size_t>(inputs * length)),
                    out(static_cast<std::size_t>(outputs * length));
                for (int t = 0; t < length; ++t)
                    for (int i = 0; i < inputs; ++i)
                        in[static_cast<std::size_t>(ln::answer_index(network.input(), t, i))] =
                            ln::at_step(x, first + t, i);
                if (first == 8 * length)
                    middle = own.state();
                own.block(in, out);
                for (int t = 0; t < length; ++t)
                    for (int o = 0; o < outputs; ++o)
                        found(o, first + t) =
                            out[static_cast<std::size_t>(ln::answer_index(network.output(), t, o))];
            }
        };
        const auto same = [&] {
            double most = 0;
            for (int t = 0; t < steps; ++t)
                for (int o = 0; o < outputs; ++o)
                    most =
                        (std::max)(most, std::abs(double{found(o, t)} - double{ln::at_step(expected, t, o)}));
            return most <= 2e-6;
        };
        run(stream, 0);
        CHECK(same());
        found = {};
        stream.reset();
        run(stream, 0);
        CHECK(same());
        if (length == 1) {
            dynamic::Stream other{network};
            other.restore(middle);
            for (int t = 8; t < steps; ++t)
                for (int o = 0; o < outputs; ++o)
                    found(o, t) = 0;
            run(other, 8);
            CHECK(same());
        }
    }
}

} // namespace

TEST_CASE("dynamic: a stream, block after block, gives the numbers of the whole sequence") {
    struct a;
    struct b;
    using Branches =
        ln::Net<ln::As<a>, ln::CausalConv<4, 2, 5>, ln::Tanh, ln::As<b>, ln::CausalConv<2, 3, 2>,
                ln::Concat<ln::From<a>, ln::Identity>, ln::CausalConv<3, 4>, ln::BatchNorm<>,
                ln::Concat<ln::Identity, ln::From<b>>, ln::CausalConv<3, 2, 3>, ln::CausalConv<2, 1>>;
    stream_equals_sequence<Branches, ln::Shape<2>>();
    using Recurrent = ln::Net<ln::Dense<4>, ln::LearntState<ln::LSTM<5>>, ln::Residual<ln::GRU<5>>,
                              ln::LayerNorm, ln::LearntState<ln::GRU<3, ln::reset_before>>, ln::LSTM<2>>;
    stream_equals_sequence<Recurrent, ln::Shape<3>>();
    using OnImages = ln::Net<ln::Conv<3, 3, 1, 1>, ln::ReLU, ln::Flatten, ln::CausalConv<4, 3>, ln::GRU<3>>;
    stream_equals_sequence<OnImages, ln::Shape<1, 3, 4>>();
}

TEST_CASE("dynamic: a stream refuses what it cannot run, and blocks that are not whole") {
    const auto problem = [](const char* text) {
        const dynamic::Network network{text};
        try {
            dynamic::Stream{network};
        } catch (const ln::shape_error& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    CHECK(problem("Sequence<4,2> Dense<3> Bidirectional<GRU<3>> Dense<1>")
              .starts_with("layer<1, Bidirectional<GRU<3>>>::looks_ahead: "));
    CHECK(problem("Sequence<4,2> Conv1D<3,3,1,1>").starts_with("layer<0, Conv1D<3,3,1,1>>::looks_ahead: "));
    CHECK(problem("Sequence<4,2> Dense<3> Last").starts_with("layer<1, Last>::looks_ahead: "));
    CHECK(problem("4 Dense<3>") == "stream: expected a network whose input is a Sequence, found 4");
    CHECK(problem("Sequence<4,2> Conv1D<3,1> CausalConv<3,1>").empty());
    const dynamic::Network of_user =
        dynamic::twin(ln::Model<ln::Net<Previous>, ln::Sequence<4, ln::Shape<1>>>{});
    try {
        dynamic::Stream{of_user};
        CHECK(false);
    } catch (const ln::shape_error& e) {
        CHECK(std::string_view{e.what()}.starts_with(
            "layer<0, Previous>::carries_nothing_from_block_to_block: "));
    }

    const dynamic::Network network{"Sequence<4,2> GRU<3>"}, other{"Sequence<4,2> GRU<4>"};
    dynamic::Stream stream{network};
    std::vector<float> x(7), y(12);
    CHECK_THROWS_WITH_AS(
        stream.block(x, y),
        "stream: expected blocks of 8 numbers and as many results of 12, found 7 and 12 numbers",
        ln::data_error);
    CHECK_THROWS_AS(stream.restore(dynamic::Stream{other}.state()), ln::data_error);
    CHECK_THROWS_WITH_AS((void)dynamic::on_steps(dynamic::Network{"4 Dense<3>"}, 2),
                         "on_steps: expected a network whose input is a Sequence, found 4", ln::shape_error);
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
