#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/data/split.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/weighted_cross_entropy.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/evaluate.hpp>
#include <lamina/train/fit.hpp>
#include <lamina/train/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace ln = lamina;
using doctest::Approx;

namespace {

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<1, 1, 3>>;

/// Scores are four times the pixels: the brightest pixel is the class.
Model brightest() {
    Model model;
    for (int i = 0; i < 3; ++i)
        model.weight<0>()(i, i) = 4;
    return model;
}

ln::data::Images images(std::vector<std::uint8_t> pixels, std::vector<std::uint8_t> labels) {
    return {"images", {1, 1, 3}, std::move(pixels), std::move(labels)};
}

} // namespace

TEST_CASE("evaluate: accuracy, confusion and loss, worked out by hand") {
    // Taken for 0, 2, 0, 2 where 0, 1, 0, 2 would be right.
    const auto data = images({255, 0, 0, 0, 51, 255, 255, 0, 0, 0, 0, 255}, {0, 1, 0, 2});
    const ln::Metrics m = ln::evaluate(brightest(), data);
    CHECK(m.samples == 4);
    CHECK(m.accuracy == 0.75);
    CHECK(m.confusion.classes() == 3);
    const long long expected[3][3] = {{2, 0, 0}, {0, 0, 1}, {0, 0, 1}};
    for (int actual = 0; actual < 3; ++actual)
        for (int predicted = 0; predicted < 3; ++predicted)
            CHECK(m.confusion(actual, predicted) == expected[actual][predicted]);
    const double right = std::log(std::exp(4.0) + 2) - 4;                   // scores 4, 0, 0
    const double wrong = std::log(1 + std::exp(0.8) + std::exp(4.0)) - 0.8; // scores 0, 0.8, 4
    CHECK(m.loss == Approx((3 * right + wrong) / 4).epsilon(1e-6));         // float
}

TEST_CASE("evaluate: more samples than lanes, and a last pack that is not full") {
    const int count = 2 * ln::native_lanes<float> + 3;
    std::vector<std::uint8_t> pixels, labels;
    for (int s = 0; s < count; ++s) {
        for (int i = 0; i < 3; ++i)
            pixels.push_back(i == s % 3 ? 255 : 0);
        labels.push_back(
            static_cast<std::uint8_t>(s == count - 1 ? (s + 1) % 3 : s % 3)); // the last is wrong
    }
    const ln::Metrics m = ln::evaluate(brightest(), images(pixels, labels));
    CHECK(m.samples == static_cast<std::size_t>(count));
    CHECK(m.accuracy == static_cast<double>(count - 1) / count);
    long long all = 0;
    for (int actual = 0; actual < 3; ++actual)
        for (int predicted = 0; predicted < 3; ++predicted)
            all += m.confusion(actual, predicted);
    CHECK(all == count);
}

TEST_CASE("evaluate: of equal scores the first is taken") {
    const ln::Metrics m = ln::evaluate(Model{}, images({0, 0, 0, 0, 0, 0}, {0, 2}));
    CHECK(m.accuracy == 0.5);
    CHECK(m.confusion(2, 0) == 1);
    CHECK(m.loss == Approx(std::log(3.0)).epsilon(1e-6));
}

TEST_CASE("evaluate: numbers to be met have a loss, but no accuracy and no confusion") {
    using Double = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<1>, double>;
    Double model;
    model.weight<0>()(0, 0) = 2;
    model.bias<0>()[1] = 5;
    const std::vector<Double::Input> x{{{1}}, {{-3}}};
    const std::vector<Double::Output> t{{{2, 4}}, {{0, 5}}};
    const ln::data::Samples data{std::span{x}, std::span{t}};
    const ln::Metrics m = ln::evaluate(model, data, ln::MeanSquaredError{});
    CHECK(m.loss == Approx(((0 + 1) / 2.0 + (36 + 0) / 2.0) / 2)); // outputs are 2 x and 5
    CHECK(std::isnan(m.accuracy));
    CHECK(m.confusion.classes() == 0);
    CHECK(m.samples == 2);
}

TEST_CASE("evaluate: of probabilities the told loss is taken, with accuracy and confusion") {
    using Classifier = ln::Model<ln::Net<ln::Dense<3>, ln::Softmax>, ln::Shape<1, 1, 3>>;
    Classifier model;
    for (int i = 0; i < 3; ++i)
        model.weight<0>()(i, i) = 4;
    const ln::Metrics m = ln::evaluate(model, images({255, 0, 0, 0, 255, 0}, {0, 2}), ln::MeanSquaredError{});
    const double p = std::exp(4.0) / (std::exp(4.0) + 2),
                 q = (1 - p) / 2; // of the brightest, and of the others
    const double right = ((p - 1) * (p - 1) + 2 * q * q) / 3, wrong = ((q - 1) * (q - 1) + q * q + p * p) / 3;
    CHECK(m.loss == Approx((right + wrong) / 2).epsilon(1e-5));
    CHECK(m.accuracy == 0.5);
    CHECK(m.confusion(2, 1) == 1);
}

TEST_CASE("evaluate: without samples there is neither loss nor accuracy") {
    const ln::Metrics m = ln::evaluate(brightest(), images({}, {}));
    CHECK(m.samples == 0);
    CHECK(std::isnan(m.loss));
    CHECK(std::isnan(m.accuracy));
    CHECK(m.confusion(1, 1) == 0);
}

TEST_CASE("evaluate: data of another shape or with other labels are a data_error") {
    const ln::data::Images wide{"wide", {1, 1, 4}, {0, 0, 0, 0}, {0}};
    CHECK_THROWS_WITH_AS((void)ln::evaluate(brightest(), wide),
                         "wide: the model expects images of 1x1x3, found 1x1x4", ln::data_error);
    CHECK_THROWS_AS((void)ln::evaluate(brightest(), images({0, 0, 0}, {3})), ln::data_error);
}

namespace {

/// A user's own data: samples that count for nothing, with any labels.
struct Own {
    std::vector<int> labels;

    [[nodiscard]] std::size_t size() const { return labels.size(); }
    [[nodiscard]] int label(std::size_t i) const { return labels[i]; }
    void inputs(const auto&, auto x) const {
        for (int i = 0; i < x.size; ++i)
            x[i] = static_cast<float>(i);
    }
    void targets(const auto& indices, auto t) const {
        for (int i = 0; i < t.size; ++i)
            t[i] = 0.0F;
        int lane = 0;
        for (const std::uint32_t i : indices)
            t[label(i)].set(lane++, 1.0F); // past the tensor for a label past the outputs
    }
};

template <class String>
struct Named : Own {
    [[nodiscard]] String source() const { return "mine"; }
};

} // namespace

TEST_CASE("evaluate: the error begins with the source that data of one's own tell, a string of any type") {
    const std::string message = "mine: the model has 3 outputs, so labels from 0 to 2 are expected; sample 1";
    const auto check = [&]<class String>(String) {
        const Named<String> data{{{1, 4}}};
        CHECK_THROWS_WITH_AS((void)ln::evaluate(brightest(), data), (message + " has label 4").c_str(),
                             ln::data_error);
        CHECK_THROWS_WITH_AS((void)ln::evaluate(brightest(), ln::data::Subset{data, {1}}),
                             (message + " of the original data has label 4").c_str(), ln::data_error);
    };
    check("");
    check(std::string{});
    check(std::string_view{});
}

TEST_CASE("evaluate, a step and fit refuse a label past the outputs, also of a user's own data") {
    Model model = brightest();
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t sample[] = {2}, sound[] = {0, 1};
    for (const int label : {3, 1000, -1}) {
        const Own data{{0, 2, label}};
        const std::string message =
            "the model has 3 outputs, so labels from 0 to 2 are expected; sample 2 has "
            "label " +
            std::to_string(label) +
            (label == 3 ? ". Labels count from 0: if yours begin at 1, subtract 1" : "");
        CHECK_THROWS_WITH_AS((void)ln::evaluate(model, data), message.c_str(), ln::data_error);
        CHECK_THROWS_WITH_AS(trainer.step(data, sample), message.c_str(), ln::data_error);
        CHECK_THROWS_WITH_AS(ln::fit(trainer, data), message.c_str(), ln::data_error);
        CHECK(std::isfinite(trainer.loss_and_gradient(data, sound))); // without the label that does not fit
    }
    CHECK(ln::evaluate(model, Own{{0, 2, 1}}).samples == 3);
}

namespace {

using Logit = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<1, 1, 3>>;

/// Above 0 where the first pixel is brighter than the second.
Logit brighter() {
    Logit model;
    model.weight<0>()(0, 0) = 1;
    model.weight<0>()(0, 1) = -1;
    return model;
}

} // namespace

TEST_CASE("evaluate: of one logit, class 1 is above 0, and the label is the target") {
    const auto data = images({255, 0, 0, 0, 255, 0, 255, 0, 0, 0, 0, 0}, {1, 0, 0, 1}); // y: 1, -1, 1, 0
    const ln::Metrics m = ln::evaluate(brighter(), data, ln::BinaryCrossEntropy{});
    CHECK(m.accuracy == 0.5);
    REQUIRE(m.confusion.classes() == 2);
    CHECK(m.confusion(1, 1) == 1);
    CHECK(m.confusion(0, 0) == 1);
    CHECK(m.confusion(0, 1) == 1);
    CHECK(m.confusion(1, 0) == 1);                                      // a logit of 0 is class 0
    const double right = std::log1p(std::exp(-1.0)), wrong = 1 + right; // of logits of 1 and -1
    CHECK(m.loss == Approx((2 * right + wrong + std::log(2.0)) / 4).epsilon(1e-6));
    CHECK(ln::evaluate(brighter(), data).loss == m.loss); // the loss of labels unless told
    const ln::BinaryCrossEntropy weighted{.positive_weight = 3};
    CHECK(ln::evaluate(brighter(), data, weighted).loss ==
          Approx((4 * right + wrong + 3 * std::log(2.0)) / 4).epsilon(1e-6));

    Logit model = brighter();
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{}};
    const std::uint32_t last[] = {3};
    CHECK(trainer.loss_and_gradient(data, last) == Approx(std::log(2.0)));
    CHECK_THROWS_WITH_AS(
        (void)ln::evaluate(brighter(), images({0, 0, 0}, {2}), ln::BinaryCrossEntropy{}),
        "images: the model has one output, so labels 0 and 1 are expected; image 0 has label 2. "
        "Labels count from 0: if yours begin at 1, subtract 1",
        ln::data_error);
}

TEST_CASE("a binary classifier learns labels 0 and 1, and says how well") {
    std::vector<std::uint8_t> pixels, labels;
    ln::Random random{ln::seed{4}};
    for (int s = 0; s < 200; ++s) {
        for (int i = 0; i < 3; ++i)
            pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
        const std::size_t first = pixels.size() - 3;
        labels.push_back(pixels[first] + pixels[first + 1] > 2 * pixels[first + 2]); // half of them
    }
    const auto data = images(pixels, labels);
    Logit model{ln::seed{1}};
    ln::Trainer trainer{model, ln::BinaryCrossEntropy{}, ln::SGD{.learning_rate = 1, .momentum = 0.9}};
    const double before = ln::evaluate(model, data, trainer.loss).loss;
    ln::fit(trainer, data, {.epochs = 40, .batch = 20, .progress = false});
    const ln::Metrics m = ln::evaluate(model, data, trainer.loss);
    CHECK(m.loss < 0.3 * before);
    CHECK(m.accuracy > 0.95);
    CHECK(m.confusion.classes() == 2);
    CHECK(m.confusion(0, 0) + m.confusion(1, 1) == std::llround(m.accuracy * 200));
    CHECK(m.confusion(0, 0) > 60);
    CHECK(m.confusion(1, 1) > 60);

    // The same of samples: vectors of tensors and of labels.
    std::vector<Logit::Input> inputs;
    std::vector<int> classes;
    for (std::size_t i = 0; i < data.size(); ++i) {
        inputs.push_back(data.image(i));
        classes.push_back(data.label(i));
    }
    const ln::data::Samples samples{inputs, classes};
    Logit other{ln::seed{1}};
    ln::Trainer again{other, ln::BinaryCrossEntropy{}, ln::SGD{.learning_rate = 1, .momentum = 0.9}};
    ln::fit(again, samples, {.epochs = 40, .batch = 20, .validation = &samples, .progress = false});
    const ln::Metrics of_samples = ln::evaluate(other, samples, again.loss);
    CHECK(of_samples.accuracy == m.accuracy);
    CHECK(of_samples.loss == m.loss);
    CHECK(of_samples.confusion(1, 0) == m.confusion(1, 0));
}

TEST_CASE("evaluate: of class weights the loss is the mean weighted by the labels, as PyTorch's") {
    const auto data = images({255, 0, 0, 0, 51, 255, 255, 0, 0, 0, 0, 255}, {0, 1, 0, 2});
    const double right = std::log(std::exp(4.0) + 2) - 4;
    const double wrong = std::log(1 + std::exp(0.8) + std::exp(4.0)) - 0.8; // of the sample of class 1
    const ln::WeightedCrossEntropy<3> loss{.class_weights = {1, 5, 0}};
    const ln::Metrics m = ln::evaluate(brightest(), data, loss);
    CHECK(m.loss == Approx((2 * right + 5 * wrong) / 7).epsilon(1e-6));
    CHECK(m.accuracy == 0.75); // of samples, whatever they weigh
    CHECK(std::isnan(ln::evaluate(brightest(), images({255, 0, 0}, {2}), loss).loss)); // none counts

    const std::vector<Model::Input> x{{{1, 0, 0}}};
    const std::vector<Model::Output> t{{{0, 1, 0}}};
    const ln::data::Samples targets{std::span{x}, std::span{t}};
    CHECK(ln::evaluate(brightest(), targets, loss).loss ==
          Approx(5 * ln::evaluate(brightest(), targets, ln::SoftmaxCrossEntropy{}).loss).epsilon(1e-6));
}

TEST_CASE("evaluate: a loss with a setting that makes no sense is refused") {
    const auto data = images({255, 0, 0}, {0});
    CHECK_THROWS_WITH_AS((void)ln::evaluate(brightest(), data, ln::SoftmaxCrossEntropy{.label_smoothing = 2}),
                         "SoftmaxCrossEntropy: label_smoothing must be from 0 to 1, found 2",
                         std::invalid_argument);
}

TEST_CASE("evaluate: a loss of classes gives targets that are tensors an accuracy and a confusion matrix") {
    const std::vector<Model::Input> x{{{1, 0, 0}}, {{0, 1, 0}}, {{0, 0, 1}}};
    const std::vector<Model::Output> one_hot{{{1, 0, 0}}, {{0, 0, 1}}, {{0.1F, 0.2F, 0.7F}}};
    const ln::data::Samples data{std::span{x}, std::span{one_hot}};
    const ln::Metrics m = ln::evaluate(brightest(), data, ln::SoftmaxCrossEntropy{});
    CHECK(m.accuracy == Approx(2 / 3.0));
    CHECK(m.confusion(2, 1) == 1);
    CHECK(m.confusion(2, 2) == 1);
    CHECK(std::isnan(ln::evaluate(brightest(), data, ln::MeanSquaredError{}).accuracy));

    const std::vector<Logit::Output> halves{{{1}}, {{0}}, {{0.75F}}}; // outputs 1, -1, 0
    const ln::data::Samples yes_or_no{std::span{x}, std::span{halves}};
    CHECK(ln::evaluate(brighter(), yes_or_no, ln::BinaryCrossEntropy{}).confusion(1, 0) == 1);
    CHECK(ln::evaluate(brighter(), yes_or_no, ln::BinaryCrossEntropy{}).accuracy == Approx(2 / 3.0));
}

TEST_CASE("evaluate, fit and a step of samples with labels: as of images, by the same loss") {
    const auto pictures = images({255, 0, 0, 0, 51, 255, 255, 0, 0, 0, 0, 255}, {0, 1, 0, 2});
    std::vector<Model::Input> inputs;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        inputs.push_back(pictures.image(i));
    const std::array<long, 4> labels{0, 1, 0, 2};
    const ln::data::Samples samples{inputs, labels};
    const ln::Metrics of_images = ln::evaluate(brightest(), pictures), m = ln::evaluate(brightest(), samples);
    CHECK(m.loss == of_images.loss);
    CHECK(m.accuracy == 0.75);
    CHECK(m.confusion(1, 2) == 1);
    Model a = brightest(), b = brightest();
    ln::Trainer first{a, ln::SoftmaxCrossEntropy{}, ln::SGD{}},
        second{b, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t all[] = {0, 1, 2, 3};
    CHECK(first.step(samples, all) == second.step(pictures, all));
    ln::fit(first, samples, {.epochs = 2, .batch = 3, .validation = &samples, .progress = false});
    ln::fit(second, pictures, {.epochs = 2, .batch = 3, .progress = false});
    CHECK(std::equal(a.parameters().begin(), a.parameters().end(), b.parameters().begin()));

    const std::array<long, 4> wrong{0, 1, 3, 2};
    CHECK_THROWS_WITH_AS((void)ln::evaluate(brightest(), ln::data::Samples{inputs, wrong}),
                         "the model has 3 outputs, so labels from 0 to 2 are expected; sample 2 has label 3. "
                         "Labels count from 0: if yours begin at 1, subtract 1",
                         ln::data_error);
}

namespace {

/// Scores of a step are four times its input: the class is its largest number.
using Steps = ln::Model<ln::Net<ln::Dense<3>>, ln::Sequence<4, ln::Shape<3>>>;
Steps largest_at_each_step() {
    Steps model;
    for (int i = 0; i < 3; ++i)
        model.weight<0>()(i, i) = 4;
    return model;
}
/// A sequence whose classes are these.
Steps::Input of_classes(const std::array<int, 4>& classes) {
    Steps::Input x{};
    for (int k = 0; k < 4; ++k)
        x(classes[static_cast<std::size_t>(k)], k) = 1;
    return x;
}

} // namespace

TEST_CASE("evaluate: of a network that answers at each step, accuracy and confusion count steps") {
    const Steps model = largest_at_each_step();
    const std::vector<Steps::Input> inputs{of_classes({0, 1, 2, 0}), of_classes({2, 2, 1, 1})};
    const std::vector<std::array<unsigned char, 4>> labels{{{0, 1, 2, 1}}, {{2, 0, 1, 1}}}; // two are others
    const ln::data::Samples data{inputs, labels};
    const double right = std::log(std::exp(4.0) + 2) - 4, wrong = right + 4;
    const ln::Metrics m = ln::evaluate(model, data);
    CHECK(m.samples == 2);
    CHECK(m.accuracy == 0.75);
    CHECK(m.loss == Approx((6 * right + 2 * wrong) / 8).epsilon(1e-6));
    CHECK(m.confusion(1, 0) == 1);
    CHECK(m.confusion(0, 2) == 1);
    CHECK(m.confusion(1, 1) == 3);

    // Steps of a class without weight are ignored; the mean is over the others.
    const ln::WeightedCrossEntropy<3> weighted{{1, 0, 1}};
    CHECK(ln::evaluate(model, data, weighted).loss == Approx((3 * right + wrong) / 4).epsilon(1e-6));

    // As tensors, in a part of the data, and as a recording.
    std::vector<Steps::Output> targets(2);
    std::vector<ln::Tensor<float, ln::Shape<3>>> x(8), t(8);
    for (std::size_t n = 0; n < 2; ++n)
        for (int k = 0; k < 4; ++k) {
            const int label = labels[n][static_cast<std::size_t>(k)];
            targets[n](label, k) = 1;
            t[n * 4 + static_cast<std::size_t>(k)][label] = 1;
            for (int i = 0; i < 3; ++i)
                x[n * 4 + static_cast<std::size_t>(k)][i] = inputs[n](i, k);
        }
    CHECK(ln::evaluate(model, ln::data::Samples{inputs, targets}, ln::SoftmaxCrossEntropy{}).accuracy ==
          0.75);
    CHECK(ln::evaluate(model, ln::data::Subset{data, {1}}).confusion(0, 2) == 1);
    const ln::Metrics of_recording =
        ln::evaluate(model, ln::data::Recordings<Steps>{x, t}, ln::SoftmaxCrossEntropy{});
    CHECK(of_recording.accuracy == 0.75);
    CHECK(of_recording.loss == Approx(m.loss).epsilon(1e-6));
}

TEST_CASE("evaluate: of one logit at each step, accuracy counts steps, too") {
    using Yes = ln::Model<ln::Net<ln::Dense<1>>, ln::Sequence<4, ln::Shape<1>>>;
    Yes model;
    model.weight<0>()(0, 0) = 1;
    const std::vector<Yes::Input> inputs{{1, -1, 2, -2}, {1, 1, 1, -1}};
    const std::vector<std::array<int, 4>> labels{{{1, 0, 1, 0}}, {{1, 0, 1, 1}}};
    const ln::Metrics m = ln::evaluate(model, ln::data::Samples{inputs, labels});
    CHECK(m.accuracy == 0.75);
    CHECK(m.confusion(1, 0) == 1);
    std::vector<Yes::Output> targets{{1, 0, 1, 0}, {1, 0, 1, 1}};
    const ln::Metrics of_targets =
        ln::evaluate(model, ln::data::Samples{inputs, targets}, ln::BinaryCrossEntropy{});
    CHECK(of_targets.accuracy == 0.75);
    CHECK(of_targets.loss == m.loss);
}

TEST_CASE("a label that fits no class is named with its step") {
    const std::vector<Steps::Input> inputs(2);
    const std::vector<std::array<int, 4>> labels{{{0, 1, 2, 0}}, {{0, 1, 3, 0}}};
    CHECK_THROWS_WITH_AS(
        (void)ln::evaluate(Steps{}, ln::data::Samples{inputs, labels}),
        "the model has 3 outputs, so labels from 0 to 2 are expected; sample 1 has label 3 at step 2. "
        "Labels count from 0: if yours begin at 1, subtract 1",
        ln::data_error);
}
