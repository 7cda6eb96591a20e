#include "../../laws/allocations.hpp"
#include "compiled_once.hpp"

#include <lamina/core.hpp>
#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

namespace {

using Model = ln::Model<ln::Net<ln::Conv<4, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<5, 3>, ln::Tanh,
                                ln::Dense<6>, ln::Sigmoid, ln::Dense<3>>,
                        ln::Shape<2, 8, 8>>;

[[nodiscard]] ln::data::Images made_images() {
    ln::Random random{ln::seed{11}};
    std::vector<std::uint8_t> pixels(40 * 128), labels(40);
    for (std::uint8_t& p : pixels)
        p = static_cast<std::uint8_t>(random.below(256));
    for (std::uint8_t& l : labels)
        l = static_cast<std::uint8_t>(random.below(3));
    return {"made", {2, 8, 8}, std::move(pixels), std::move(labels)};
}

/// Trains a model and its twin side by side, on batches that leave lanes over. Ten steps let the rounding of
/// sums taken in another order grow to some 1e-5 of the loss.
template <class Data, class Loss, class Optimizer>
void check_training(const Data& data, Loss loss, Optimizer optimizer) {
    Model model{ln::seed{8}};
    dynamic::Network net = dynamic::twin(model);
    ln::Trainer trainer{model, loss, optimizer};
    ln::Trainer twin{net, loss, optimizer};
    for (std::uint32_t s = 0; s < 10; ++s) {
        const std::uint32_t batch[] = {s, s + 7, s + 2, s, s + 11, s + 1, s + 20};
        const float expected = trainer.step(data, batch, 0.1, 1e-3);
        CHECK(twin.step(data, batch, 0.1, 1e-3) == doctest::Approx(expected).epsilon(1e-4));
    }
    for (std::size_t i = 0; i < net.parameters().size(); ++i)
        CHECK(std::abs(net.parameters()[i] - model.parameters()[i]) < 1e-3F);
}

/// x^2, which falls before it rises.
struct Square : ln::Elementwise<Square> {
    static constexpr const char* name = "Square";
    template <ln::Element E>
    [[nodiscard]] static constexpr E value(E x) noexcept {
        return x * x;
    }
    template <ln::Element E>
    [[nodiscard]] static constexpr E slope(E y) noexcept {
        return E(2) * ln::sqrt(y);
    }
};

/// A layer that says nothing of itself, but its shape by numbers.
struct Plain {
    static constexpr const char* name = "Plain";
    template <class In>
    using output = In;
    [[nodiscard]] static ln::dims outputs(const ln::dims& in) { return in; }
    static constexpr void forward(auto x, auto /*p*/, auto y) { ln::kernels::copy(x, y); }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) {
        ln::kernels::copy(dy, dx);
    }
};

/// The weights that layer 0 starts with.
[[nodiscard]] std::vector<float> drawn(const std::string& layers) {
    auto net = dynamic::Network::with<Plain>("1x6x6 " + layers);
    net.initialize(ln::seed{9});
    return {net.tensor("0.weight").begin(), net.tensor("0.weight").end()};
}

} // namespace

TEST_CASE("dynamic: an activation that may decrease stays before the max pool behind it") {
    auto net = dynamic::Network::with<Square>("1x2x2 Conv<1,1> Square MaxPool<2,2>");
    net.tensor("0.weight")[0] = 1;
    const float x[] = {-3, 1, 0, 2, 1, 1, -1, 0};
    CHECK(net.forward(std::span{x}.first(4))[0] == 9);
    float y[2];
    net.forward(x, y);
    CHECK(y[0] == 9);
    CHECK(y[1] == 1);

    ln::Model<ln::Net<ln::Conv<1, 1>, Square, ln::MaxPool<2, 2>>, ln::Shape<1, 2, 2>> model;
    model.weight<0>()(0, 0, 0, 0) = 1;
    CHECK(model.forward({{-3, 1, 0, 2}})[0] == 9);
}

TEST_CASE("dynamic: initial weights look through pools and Flatten, not through other layers") {
    const auto conv_then = [](const std::string& layers) { return drawn("Conv<3,3> " + layers + " ReLU"); };
    const std::vector<float> he = conv_then(""), glorot = conv_then("Tanh");
    REQUIRE(he != glorot);
    CHECK(conv_then("MaxPool<2,2> AvgPool<2,2> Flatten") == he);
    CHECK(conv_then("Softmax") == glorot);
    CHECK(conv_then("Plain") == glorot);
    CHECK(conv_then("MaxPool<2,2> Plain") == glorot);
}

TEST_CASE("dynamic: parameters start on 64 bytes, weight by weight, and those of a copy are its own") {
    dynamic::Network net{"3 Dense<2> ReLU Dense<5>", ln::seed{1}};
    CHECK(reinterpret_cast<std::uintptr_t>(net.parameters().data()) % 64 == 0);
    CHECK(net.tensor("0.weight").size() == 6);
    CHECK(net.tensor("0.bias").data() - net.tensor("0.weight").data() == 16);
    CHECK(net.tensor("2.weight").data() - net.tensor("0.bias").data() == 16);
    CHECK(net.parameters().size() == 64);

    dynamic::Network copy = net;
    const float x[] = {1, 2, 3};
    const std::vector<float> before(net.forward(x).begin(), net.forward(x).end());
    copy.tensor("0.weight")[0] += 1;
    copy.tensor("2.bias")[4] += 1;
    CHECK(std::equal(before.begin(), before.end(), net.forward(x).begin()));
    CHECK(copy.forward(x)[4] != before[4]);
}

TEST_CASE("dynamic: input and output of a network are those of its first and last layer") {
    const dynamic::Network net{"2x6x5 Flatten Dense<4> Softmax"};
    CHECK(net.input() == ln::dims{2, 6, 5});
    CHECK(net.output() == ln::dims{4});
}

TEST_CASE("dynamic: any number of samples gives what each gives alone") {
    dynamic::Network net{"2x5x6 Conv<17,3,1,1> Tanh MaxPool<2,2> Flatten Dense<3>", ln::seed{4}};
    for (const std::size_t count : {0U, 1U, 2U, 16U, 35U}) {
        std::vector<float> x(count * 60), y(count * 3);
        ln::Random random{ln::seed{count}};
        for (float& v : x)
            v = static_cast<float>(random.symmetric());
        net.forward(x, y);
        for (std::size_t i = 0; i < count; ++i) {
            const auto alone = net.forward(std::span{x}.subspan(i * 60, 60));
            for (std::size_t k = 0; k < 3; ++k) // other kernels, another order of sums
                CHECK(alone[k] == doctest::Approx(y[i * 3 + k]).epsilon(1e-5));
        }
    }
}

TEST_CASE("dynamic: numbers that are no whole samples, or results without room, are refused") {
    dynamic::Network net{"3 Dense<2>"};
    std::vector<float> x(6), y(4);
    net.forward(x, y);
    CHECK_THROWS_WITH_AS(net.forward(std::span{x}.first(5), y),
                         "forward: expected samples of 3 numbers and as many results of 2, found 5 and 4 "
                         "numbers",
                         ln::data_error);
    CHECK_THROWS_AS(net.forward(x, std::span{y}.first(3)), ln::data_error);
    CHECK_THROWS_AS((void)net.forward(x), ln::data_error);
}

TEST_CASE("dynamic: results that overwrite samples still to be read are refused") {
    dynamic::Network net{"2 Dense<2>", ln::seed{1}};
    std::vector<float> x(2 * 40), y(2 * 40);
    ln::Random random{ln::seed{3}};
    for (float& v : x)
        v = static_cast<float>(random.symmetric());
    net.forward(x, y);
    CHECK_THROWS_WITH_AS(net.forward(std::span{x}.first(78), std::span{x}.last(78)),
                         "forward: expected outputs that lie apart from the inputs, found some that overlap",
                         ln::data_error);
    net.forward(x, x); // each in its own place
    CHECK(x == y);
}

TEST_CASE("dynamic: a tensor has the name that it has in files") {
    dynamic::Network net{"3 Dense<2> ReLU"}, without{"3 ReLU"};
    CHECK(net.tensor("0.weight").size() == 6);
    CHECK_THROWS_WITH_AS((void)net.tensor("1.weight"),
                         "tensor: expected one of 0.weight, 0.bias, found \"1.weight\"",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)without.tensor("0.bias"), "tensor: expected one of none, found \"0.bias\"",
                         std::invalid_argument);
}

TEST_CASE("dynamic: a twin has its model's parameters and answers") {
    const Model model{ln::seed{2}};
    dynamic::Network net = dynamic::twin(model);
    const auto images = made_images();
    const Model::Input x = images.image(3);
    const auto y = net.forward(std::span<const float>{x.begin(), x.end()});
    for (int i = 0; i < 3; ++i)
        CHECK(y[static_cast<std::size_t>(i)] == doctest::Approx(model.forward(x)[i]).epsilon(1e-5));
}

TEST_CASE("dynamic: training follows the compile-time model, on images") {
    check_training(made_images(), ln::SoftmaxCrossEntropy{}, ln::SGD{.momentum = 0.9});
    check_training(made_images(), ln::SoftmaxCrossEntropy{.label_smoothing = 0.1},
                   ln::SGD{.momentum = 0.5, .nesterov = true});
    const ln::WeightedCrossEntropy<3> weighted{.class_weights = {1, 0, 8}, .label_smoothing = 0.1};
    check_training(made_images(), weighted, ln::SGD{.momentum = 0.9});
}

TEST_CASE("dynamic: training follows the compile-time model, on tensors") {
    const auto images = made_images();
    std::vector<Model::Input> x;
    std::vector<Model::Output> t;
    for (std::size_t i = 0; i < images.size(); ++i) {
        x.push_back(images.image(i));
        t.push_back({{0.5F, x.back()[7], -x.back()[8]}});
    }
    const ln::data::Samples samples{std::span{x}, std::span{t}};
    check_training(samples, ln::MeanSquaredError{}, ln::SGD{});
    check_training(samples, ln::SoftmaxCrossEntropy{}, ln::SGD{}); // of targets that do not sum to 1
    check_training(samples, ln::MeanAbsoluteError{}, ln::SGD{});
    check_training(samples, ln::Huber{.delta = 0.25}, ln::SGD{});
    check_training(samples, ln::BinaryCrossEntropy{.positive_weight = 2}, ln::SGD{});
    // Adam divides by the root of a mean square: with its usual epsilon, gradients as small as their rounding
    // would take steps that differ.
    check_training(samples, ln::MeanSquaredError{}, ln::Adam{.epsilon = 1e-2});
    check_training(samples, ln::MeanSquaredError{}, ln::AdamW{.epsilon = 1e-2, .weight_decay = 0.5});
}

TEST_CASE("dynamic: frozen layers and clipped gradients are those of the compile-time model") {
    const auto images = made_images();
    Model model{ln::seed{8}};
    dynamic::Network net = dynamic::twin(model);
    const ln::AdamW optimizer{.epsilon = 1e-2};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
    ln::Trainer twin{net, ln::SoftmaxCrossEntropy{}, optimizer};
    const std::uint32_t batch[] = {3, 5, 8, 13};
    const auto both = [&](auto change) {
        change(trainer);
        change(twin);
        for (int i = 0; i < 3; ++i)
            CHECK(twin.step(images, batch, 0.1, 1e-3, 0.05) ==
                  doctest::Approx(trainer.step(images, batch, 0.1, 1e-3, 0.05)).epsilon(1e-4));
        for (std::size_t i = 0; i < net.parameters().size(); ++i)
            CHECK(std::abs(net.parameters()[i] - model.parameters()[i]) < 1e-4F);
    };
    both([](auto& t) {
        t.freeze("0");
        t.freeze("5.weight");
    });
    both([](auto& t) { t.unfreeze("0.bias"); });
    both([](auto& t) { t.freeze("3"); });
    const std::vector<float> conv(net.tensor("3.weight").begin(), net.tensor("3.weight").end());
    both([](auto& t) { t.unfreeze("0"); });
    CHECK(std::equal(conv.begin(), conv.end(), net.tensor("3.weight").begin()));
    const auto from = static_cast<std::size_t>(net.tensor("3.weight").data() - net.parameters().data());
    for (const float g : twin.gradients().subspan(from, conv.size()))
        CHECK(g == 0);
    CHECK_THROWS_WITH_AS(twin.freeze("1"),
                         "freeze: expected a layer or one of 0.weight, 0.bias, 3.weight, 3.bias, 5.weight, "
                         "5.bias, 7.weight, 7.bias, found \"1\"",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(twin.step(images, batch, 0.1, 0, 0), "clip_norm must be above 0, found 0",
                         std::invalid_argument);
    for (const char* name : {"0", "3", "5", "7"})
        twin.freeze(name);
    CHECK_THROWS_AS(twin.step(images, batch), std::invalid_argument);
}

TEST_CASE("dynamic: a loss that is not finite leaves the network as it is") {
    dynamic::Network net{"2x8x8 Dense<3>", ln::seed{1}};
    net.tensor("0.weight")[5] = std::numeric_limits<float>::infinity();
    const std::vector<float> before(net.parameters().begin(), net.parameters().end());
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t batch[] = {0, 1};
    CHECK(std::isnan(trainer.step(made_images(), batch)));
    CHECK(std::equal(before.begin(), before.end(), net.parameters().begin()));
}

TEST_CASE("dynamic: weights that are all zero are refused if the units of a layer would stay equal") {
    dynamic::Network net{"2x8x8 Conv<3,3> Tanh Dense<3>"}, linear{"2x8x8 Dense<3>"};
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t batch[] = {0, 1};
    CHECK_THROWS_AS(trainer.step(made_images(), batch), ln::training_error);
    net.initialize(ln::seed{1});
    CHECK(std::isfinite(trainer.step(made_images(), batch)));
    ln::Trainer of_one_layer{linear, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    CHECK(std::isfinite(of_one_layer.step(made_images(), batch)));
}

TEST_CASE("dynamic: settings and rates that make no sense are refused, and nothing is changed") {
    dynamic::Network net{"2x8x8 Dense<3>", ln::seed{1}};
    const std::vector<float> before(net.parameters().begin(), net.parameters().end());
    const std::uint32_t batch[] = {0, 1};
    ln::Trainer sgd{net, ln::SoftmaxCrossEntropy{}, ln::SGD{.momentum = 1.5}};
    CHECK_THROWS_WITH_AS(sgd.step(made_images(), batch),
                         "SGD: momentum must be at least 0 and below 1, found 1.5", std::invalid_argument);
    CHECK_THROWS_AS(sgd.update(0.1), std::invalid_argument);
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(trainer.step(made_images(), batch, -1),
                         "the learning rate must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.step(made_images(), batch, 0.1, -1),
                         "l2 must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK(std::equal(before.begin(), before.end(), net.parameters().begin()));
}

TEST_CASE("dynamic: padding stays zero with an optimiser that divides by zero there") {
    dynamic::Network net{"2x8x8 Dense<7> Tanh Dense<3>", ln::seed{1}};
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::Adam{.epsilon = 0}};
    const std::uint32_t batch[] = {0, 1, 2};
    trainer.step(made_images(), batch);
    CHECK(std::isfinite(trainer.step(made_images(), batch)));
    CHECK(ln::all_finite(net.parameters().data(), static_cast<int>(net.parameters().size())));
    CHECK(net.tensor("0.bias")[6] != 0);
    CHECK((&net.tensor("0.bias")[6])[1] == 0);
}

TEST_CASE("dynamic: parameters that are not finite are noticed, also behind outputs that are bounded") {
    dynamic::Network net{"2 Dense<4> Tanh", ln::seed{1}};
    net.tensor("0.weight")[5] = std::numeric_limits<float>::infinity();
    const std::vector<ln::Tensor<float, ln::Shape<2>>> x(2, {{1, 2}});
    const std::vector<ln::Tensor<float, ln::Shape<4>>> t(2);
    ln::Trainer trainer{net, ln::MeanSquaredError{}, ln::SGD{}};
    const std::uint32_t batch[] = {0, 1};
    const std::vector<float> before(net.parameters().begin(), net.parameters().end());
    CHECK(std::isnan(trainer.step(ln::data::Samples{std::span{x}, std::span{t}}, batch)));
    CHECK(std::equal(before.begin(), before.end(), net.parameters().begin()));
}

TEST_CASE("dynamic: the penalty of many weights is their sum of squares, to a few 1e-7 of it") {
    dynamic::Network net{"1001 Dense<1000>", ln::seed{1}};
    double squares = 0;
    for (const float w : net.tensor("0.weight"))
        squares += static_cast<double>(w) * static_cast<double>(w);
    const std::vector<ln::Tensor<float, ln::Shape<1001>>> x(1);
    const std::vector<ln::Tensor<float, ln::Shape<1000>>> t(1);
    ln::Trainer trainer{net, ln::MeanSquaredError{}, ln::SGD{}};
    const std::uint32_t batch[] = {0};
    const float loss = trainer.loss_and_gradient(ln::data::Samples{std::span{x}, std::span{t}}, batch, 0.5);
    CHECK(std::abs(static_cast<double>(loss) / (0.5 * squares) - 1) < 5e-7);
}

TEST_CASE("dynamic: a network without weights has nothing to learn") {
    dynamic::Network net{"3 ReLU"};
    CHECK_THROWS_AS(ln::Trainer(net, ln::MeanSquaredError{}, ln::SGD{}), dynamic::shape_error);
}

TEST_CASE(
    "dynamic: a loss that does not go with the outputs is refused, as a compile-time trainer refuses it") {
    const auto message = [](auto loss, const std::string& layers) {
        dynamic::Network net{"2x2 " + layers};
        try {
            ln::Trainer(net, loss, ln::SGD{});
        } catch (const ln::shape_error& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    const std::string after_softmax =
        "Trainer: the loss does not go with outputs of 3, which Softmax computes: this loss takes scores and "
        "computes the softmax itself: leave the Softmax out, or take another loss, such as MeanSquaredError";
    CHECK(message(ln::SoftmaxCrossEntropy{}, "Dense<3> Softmax") == after_softmax);
    CHECK(message(ln::SoftmaxCrossEntropy{}, "Dense<3> Softmax Flatten") == after_softmax);
    CHECK(message(ln::SoftmaxCrossEntropy{}, "Dense<1>") ==
          "Trainer: the loss does not go with outputs of 1, which Dense<1> computes: this loss compares the "
          "scores of at least two classes: for one output, the logit of class 1, use BinaryCrossEntropy");
    dynamic::Network along_time{"Sequence<4,2> Dense<1>"};
    CHECK_THROWS_WITH_AS(ln::Trainer(along_time, ln::SoftmaxCrossEntropy{}, ln::SGD{}),
                         "Trainer: the loss does not go with outputs of Sequence<4,1>, which Dense<1> "
                         "computes: this loss compares the scores of at least two classes: for one output, "
                         "the logit of class 1, use BinaryCrossEntropy",
                         ln::shape_error);
    CHECK(message(ln::WeightedCrossEntropy<3>{}, "Dense<3> Softmax") == after_softmax);
    CHECK(message(ln::WeightedCrossEntropy<2>{}, "Dense<3>") ==
          "Trainer: the loss does not go with outputs of 3, which Dense<3> computes: this loss has "
          "class_weights for 2 outputs");
    CHECK(message(ln::WeightedCrossEntropy<3>{}, "Dense<3>").empty());
    CHECK(
        message(ln::BinaryCrossEntropy{}, "Dense<1> Sigmoid Flatten") ==
        "Trainer: the loss does not go with outputs of 1, which Sigmoid computes: this loss takes logits and "
        "computes the sigmoid itself: leave the last Sigmoid or Softmax out, or take another loss, such as "
        "MeanSquaredError");
    CHECK(message(ln::BinaryCrossEntropy{}, "Dense<3> Softmax")
              .find("which Softmax computes: this loss "
                    "takes logits") != std::string::npos);
    CHECK(message(ln::BinaryCrossEntropy{}, "Sigmoid Dense<3>").empty());
    CHECK(message(ln::MeanSquaredError{}, "Dense<3> Softmax").empty());
    CHECK(message(ln::MeanSquaredError{}, "Dense<1>").empty());
    CHECK(message(ln::SoftmaxCrossEntropy{}, "Softmax Dense<3> Flatten").empty());
}

TEST_CASE("dynamic: samples with labels are learnt as images are, and by one logit") {
    const auto images = made_images();
    std::vector<Model::Input> inputs;
    std::vector<short> labels, yes_or_no;
    for (std::size_t i = 0; i < images.size(); ++i) {
        inputs.push_back(images.image(i));
        labels.push_back(static_cast<short>(images.label(i)));
        yes_or_no.push_back(static_cast<short>(images.label(i) == 1));
    }
    const std::uint32_t batch[] = {3, 0, 39, 7, 7};
    dynamic::Network a{"2x8x8 Dense<3>", ln::seed{1}}, b{"2x8x8 Dense<3>", ln::seed{1}};
    ln::Trainer of_samples{a, ln::SoftmaxCrossEntropy{}, ln::SGD{}},
        of_images{b, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const ln::data::Samples samples{inputs, labels};
    CHECK(of_samples.step(samples, batch) == of_images.step(images, batch));
    CHECK(std::equal(a.parameters().begin(), a.parameters().end(), b.parameters().begin()));

    ln::Model<ln::Net<ln::Dense<1>>, Model::input_shape> model{ln::seed{1}};
    dynamic::Network twin = dynamic::twin(model);
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{}};
    ln::Trainer of_twin{twin, ln::BinaryCrossEntropy{}, ln::SGD{}};
    const ln::data::Samples logits{inputs, yes_or_no};
    CHECK(of_twin.loss_and_gradient(logits, batch) ==
          doctest::Approx(trainer.loss_and_gradient(logits, batch)).epsilon(1e-5)); // float

    labels[7] = 3;
    CHECK_THROWS_WITH_AS(of_samples.step(samples, batch),
                         "the model has 3 outputs, so labels from 0 to 2 are expected; sample 7 has label 3. "
                         "Labels count from 0: if yours begin at 1, subtract 1",
                         ln::data_error);
    const std::vector<ln::Tensor<float, ln::Shape<5>>> others(40);
    CHECK_THROWS_WITH_AS(of_samples.step(ln::data::Samples{others, labels}, batch),
                         "samples: the network expects inputs of 2x8x8, found 5", ln::data_error);
}

TEST_CASE("dynamic: data that do not fit are refused when asked") {
    const dynamic::Network net{"2x8x8 Dense<2>"};
    const std::vector<Model::Input> x(4);
    const std::vector<Model::Output> t(4);
    const ln::MeanSquaredError loss;
    CHECK_THROWS_WITH_AS(dynamic::require_fit(net, loss, ln::data::Samples{std::span{x}, std::span{t}}),
                         "samples: the network expects inputs of 2x8x8 and targets of 2, found 2x8x8 and 3",
                         ln::data_error);
    ln::check_data(dynamic::Network{"2x8x8 Dense<3>"}, loss, made_images());
    CHECK_THROWS_AS(ln::check_data(net, loss, made_images()), ln::data_error);
}

TEST_CASE("dynamic: a step on samples out of range, or that do not fit, throws and changes nothing") {
    dynamic::Network net{"2x8x8 Dense<3>", ln::seed{1}};
    const std::vector<float> before(net.parameters().begin(), net.parameters().end());
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t batch[] = {0, 1}, past[] = {0, 40};
    CHECK_THROWS_WITH_AS(trainer.step(made_images(), {}), "step: at least one sample is needed, found none",
                         ln::data_error);
    CHECK_THROWS_WITH_AS(trainer.step(made_images(), past),
                         "step: expected samples below 40, found sample 40", ln::data_error);
    const ln::data::Images small{"small", {1, 2, 2}, std::vector<std::uint8_t>(8), {0, 1}};
    CHECK_THROWS_WITH_AS(trainer.step(small, batch), "small: the model expects images of 2x8x8, found 1x2x2",
                         ln::data_error);
    const ln::data::Images labels{"labels", {2, 8, 8}, std::vector<std::uint8_t>(256), {0, 3}};
    CHECK_THROWS_WITH_AS(
        trainer.step(labels, batch),
        "labels: the model has 3 outputs, so labels from 0 to 2 are expected; image 1 has label 3. "
        "Labels count from 0: if yours begin at 1, subtract 1",
        ln::data_error);
    dynamic::Network one_output{"2x8x8 Dense<1>", ln::seed{1}};
    ln::Trainer regression{one_output, ln::MeanSquaredError{}, ln::SGD{}};
    const ln::data::Images yes_or_no{"labels", {2, 8, 8}, std::vector<std::uint8_t>(256), {0, 1}};
    CHECK_THROWS_WITH_AS(regression.step(yes_or_no, batch),
                         "labels 0 and 1 for one output need a loss of one logit: ln::BinaryCrossEntropy{}",
                         ln::data_error);
    const std::vector<Model::Input> x(2);
    const std::vector<ln::Tensor<float, ln::Shape<7>>> t(2);
    CHECK_THROWS_AS(trainer.step(ln::data::Samples{std::span{x}, std::span{t}}, batch), ln::data_error);
    CHECK(std::equal(before.begin(), before.end(), net.parameters().begin()));
}

TEST_CASE("dynamic: nothing is allocated per call") {
    dynamic::Network net = dynamic::twin(Model{ln::seed{1}});
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    const auto images = made_images();
    const std::vector<float> x(37 * 128);
    std::vector<float> y(37 * 3);
    const std::uint32_t batch[] = {4, 5, 6};
    const std::size_t before = laws::allocations();
    net.forward(x, y);
    (void)net.forward(std::span{x}.first(128));
    trainer.step(images, batch, 0.1, 1e-4);
    trainer.freeze("0");
    trainer.step(images, batch, 0.1, 1e-4, 1);
    net.initialize(ln::seed{3});
    CHECK(laws::allocations() - before == 0);
}

TEST_CASE("dynamic: the name of a layer is the text that makes it") {
    const auto name_of = [](std::string text) {
        return std::string{dynamic::Network{text}.layers()[0].name};
    };
    const auto check = [&]<class L>(std::string input, std::type_identity<L>) {
        const std::string name{std::string_view{L::name}};
        CHECK(name_of(input + " " + name) == name);
    };
    const auto image = [&]<class L>(std::type_identity<L> layer) { check("4x9x9", layer); };
    const auto sequence = [&]<class L>(std::type_identity<L> layer) { check("4x9", layer); };
    using ln::pad, ln::size, ln::same;
    image(std::type_identity<ln::Conv<4, 3, 1, pad{1, 1, 1, 1}>>{});
    image(std::type_identity<ln::Conv<4, size{3, 3}, size{2, 1}, pad{0, 1, 0, 1}, 1, 2>>{});
    image(std::type_identity<ln::DepthwiseConv<3, 1, same, size{1, 2}, 3>>{});
    image(std::type_identity<ln::TransposedConv<4, 3, 2, pad{1, 0, 1, 0}>>{});
    image(std::type_identity<ln::MaxPool<3, 2, pad{1, 1, 1, 1}>>{});
    image(std::type_identity<ln::AvgPool<size{3, 2}, 1, pad{1, 0, 0, 1}, false>>{});
    image(std::type_identity<ln::AvgPool<3, size{1, 2}, same, false>>{});
    sequence(std::type_identity<ln::Conv1D<4, 3, 1, pad{0, 0, 1, 1}>>{});
    sequence(std::type_identity<ln::Conv1D<4, 3, 1, pad{0, 0, 2, 0}, 2>>{});
    sequence(std::type_identity<ln::MaxPool<3, 2, pad{0, 0, 1, 1}>>{});
    sequence(std::type_identity<ln::NoBias<ln::Conv1D<4, 3, 2, same>>>{});
    // A text that says more than it must.
    CHECK(name_of("4x9x9 MaxPool<size{3,3},2,pad{1,1,1,1}>") == "MaxPool<3,2,1>");
    CHECK(name_of("4x9x9 Conv<4,3,size{2,2},pad{1,1,1,1},1,1>") == "Conv<4,3,2,1>");
    CHECK(name_of("4x9 Conv1D<4,3,1,1,1,1>") == "Conv1D<4,3,1,1>");
}
