#include <lamina/core.hpp>
#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace ln = lamina;

namespace {

// In double, so that the order of sums is all that can differ: a few 1e-16 a term.
using Model = ln::Model<ln::Net<ln::Conv<3, 3, 1, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<4>>,
                        ln::Shape<2, 6, 5>, double>;
using Samples = ln::data::Samples<double, Model::input_shape, Model::output_shape>;
constexpr double tolerance = 1e-12;

/// Random images, each of a random class.
struct Made {
    std::vector<Model::Input> inputs;
    std::vector<Model::Output> targets;

    explicit Made(int count) {
        ln::Random random{ln::seed{9}};
        for (int s = 0; s < count; ++s) {
            Model::Input& x = inputs.emplace_back();
            for (double& e : x)
                e = random.symmetric();
            targets.emplace_back(Model::Output{})[static_cast<int>(random.below(4))] = 1;
        }
    }
    [[nodiscard]] Samples samples() const { return {inputs, targets}; }
};

std::vector<std::uint32_t> first(int count) {
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0U);
    return indices;
}

template <class A, class B>
bool close(const A& a, const B& b) {
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        worst = std::max(worst, std::abs(a[i] - b[i]));
    return worst < tolerance;
}

std::vector<double> copy(std::span<const double> numbers) {
    return {numbers.begin(), numbers.end()};
}

bool same_bits(const Model& a, const Model& b) {
    return std::memcmp(&a, &b, sizeof(Model)) == 0;
}

const ln::SGD sgd{.learning_rate = 0.1, .momentum = 0.9};

} // namespace

TEST_CASE("trainer: the gradient of a batch of any size is the mean over its samples one by one") {
    constexpr int lanes = ln::native_lanes<double>;
    const Made made{3 * lanes + 2};
    const Samples data = made.samples();
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    for (const int count : {1, 2, lanes - 1, lanes, lanes + 1, 3 * lanes + 2}) {
        if (count < 1)
            continue;
        double loss = 0;
        std::vector<double> mean(Model::parameter_extent);
        for (const std::uint32_t i : first(count)) {
            loss += trainer.loss_and_gradient(data, std::span{&i, 1}) / count;
            for (std::size_t p = 0; p < mean.size(); ++p)
                mean[p] += trainer.gradients()[p] / count;
        }
        CHECK(std::abs(trainer.loss_and_gradient(data, first(count)) - loss) < tolerance);
        CHECK(close(trainer.gradients(), mean));
    }
}

TEST_CASE("trainer: with class weights the mean over labelled samples is weighted, as PyTorch's") {
    constexpr int lanes = ln::native_lanes<double>;
    std::vector<std::uint8_t> pixels, labels;
    ln::Random random{ln::seed{5}};
    for (int s = 0; s < 2 * lanes + 3; ++s) {
        labels.push_back(static_cast<std::uint8_t>(s % 4));
        for (int i = 0; i < 60; ++i)
            pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    const ln::data::Images data{"made", {2, 6, 5}, pixels, labels};
    const ln::WeightedCrossEntropy<4> weighted{.class_weights = {0.5, 3, 0, 1}};
    Model model{ln::seed{1}};
    ln::Trainer plain{model, ln::SoftmaxCrossEntropy{}, sgd};
    ln::Trainer trainer{model, weighted, sgd};
    for (const int count : {1, 2, lanes + 1, 2 * lanes + 3}) {
        double loss = 0, weights = 0;
        std::vector<double> mean(Model::parameter_extent);
        for (const std::uint32_t i : first(count)) {
            const double weight = weighted.class_weights[static_cast<std::size_t>(data.label(i))];
            weights += weight;
            loss += weight * plain.loss_and_gradient(data, std::span{&i, 1});
            for (std::size_t p = 0; p < mean.size(); ++p)
                mean[p] += weight * plain.gradients()[p];
        }
        for (double& m : mean)
            m /= weights;
        CHECK(std::abs(trainer.loss_and_gradient(data, first(count)) - loss / weights) < tolerance);
        CHECK(close(trainer.gradients(), mean));
    }

    const double loss = trainer.loss_and_gradient(data, first(4));
    for (double& weight : trainer.loss.class_weights)
        weight *= 4;
    CHECK(trainer.loss_and_gradient(data, first(4)) == loss);

    // No sample of the batch counts: nothing moves.
    const std::uint32_t of_class_2[] = {2, 6};
    const Model before = model;
    CHECK(trainer.step(data, of_class_2) == 0);
    CHECK(same_bits(model, before));

    // Targets in place of labels: PyTorch divides by the number of samples.
    const Made made{5};
    ln::Trainer soft{model, weighted, sgd};
    double sum = 0;
    for (const std::uint32_t i : first(5))
        sum += soft.loss_and_gradient(made.samples(), std::span{&i, 1});
    CHECK(std::abs(soft.loss_and_gradient(made.samples(), first(5)) - sum / 5) < tolerance);
}

TEST_CASE("trainer: settings of losses that make no sense are refused, and nothing is changed") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Made made{5};
    Model model{ln::seed{1}};
    const Model before = model;
    const auto refused = [&](auto loss, const char* message) {
        ln::Trainer trainer{model, loss, ln::SGD{}};
        CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)), message, std::invalid_argument);
        CHECK_THROWS_WITH_AS(trainer.loss_and_gradient(made.samples(), first(5)), message,
                             std::invalid_argument);
        CHECK(same_bits(model, before));
    };
    const auto smoothed = [](double share) { return ln::SoftmaxCrossEntropy{.label_smoothing = share}; };
    refused(smoothed(-0.1), "SoftmaxCrossEntropy: label_smoothing must be from 0 to 1, found -0.1");
    refused(smoothed(1.5), "SoftmaxCrossEntropy: label_smoothing must be from 0 to 1, found 1.5");
    refused(smoothed(nan), "SoftmaxCrossEntropy: label_smoothing must be from 0 to 1, found nan");
    refused(ln::Huber{.delta = 0}, "Huber: delta must be above 0 and finite, found 0");
    refused(ln::Huber{.delta = -1}, "Huber: delta must be above 0 and finite, found -1");
    refused(ln::Huber{.delta = infinity}, "Huber: delta must be above 0 and finite, found inf");
    refused(ln::Huber{.delta = 1e39}, "Huber: delta must be above 0 and finite, found 1e39"); // as a float
    refused(ln::BinaryCrossEntropy{.positive_weight = -2},
            "BinaryCrossEntropy: positive_weight must be at least 0 and finite, found -2");
    refused(ln::BinaryCrossEntropy{.positive_weight = infinity},
            "BinaryCrossEntropy: positive_weight must be at least 0 and finite, found inf");
    refused(ln::BinaryCrossEntropy{.positive_weight = 1e39},
            "BinaryCrossEntropy: positive_weight must be at least 0 and finite, found 1e39");
    const auto weighted = [](double weight, double share = 0) {
        return ln::WeightedCrossEntropy<4>{.class_weights = {0, weight, 0, 0}, .label_smoothing = share};
    };
    refused(weighted(-1), "WeightedCrossEntropy: class_weights must be at least 0 and finite, found -1");
    refused(weighted(nan), "WeightedCrossEntropy: class_weights must be at least 0 and finite, found nan");
    refused(weighted(1e39), "WeightedCrossEntropy: class_weights must be at least 0 and finite, found 1e39");
    refused(weighted(0), "WeightedCrossEntropy: the largest of class_weights must be above 0, found 0");
    refused(weighted(1, 2), "WeightedCrossEntropy: label_smoothing must be from 0 to 1, found 2");
}

TEST_CASE("trainer: a user's loss may refuse its settings too") {
    struct Picky : ln::MeanSquaredError {
        double sharpness = 0;
        void validate() const {
            ln::require_setting(sharpness > 0, "Picky: sharpness", "above 0", sharpness);
        }
    };
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, Picky{}, sgd};
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)), "Picky: sharpness must be above 0, found 0",
                         std::invalid_argument);
    trainer.loss.sharpness = 1;
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
}

TEST_CASE("trainer: a sample that comes twice counts twice") {
    const Made made{2};
    const Samples data = made.samples();
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const std::vector<std::uint32_t> one{1}, both{1, 1, 1};
    const double loss = trainer.loss_and_gradient(data, one);
    const std::vector<double> gradients = copy(trainer.gradients());
    CHECK(std::abs(trainer.loss_and_gradient(data, both) - loss) < tolerance);
    CHECK(close(trainer.gradients(), gradients));
}

TEST_CASE("trainer: l2 reaches the loss and the gradient of weights, not of biases") {
    const Made made{5};
    const Samples data = made.samples();
    Model model{ln::seed{1}};
    for (double& b : model.bias<0>())
        b = 0.5;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const double plain = trainer.loss_and_gradient(data, first(5));
    std::vector<double> expected = copy(trainer.gradients());
    double squares = 0;
    const auto add = [&](auto weights) {
        for (const double& w : weights) {
            squares += w * w;
            expected[static_cast<std::size_t>(&w - model.parameters().data())] += 2 * 0.01 * w;
        }
    };
    add(model.weight<0>());
    add(model.weight<3>());
    CHECK(std::abs(trainer.loss_and_gradient(data, first(5), 0.01) - (plain + 0.01 * squares)) < tolerance);
    CHECK(close(trainer.gradients(), expected));
}

TEST_CASE("trainer: a step is the gradient, then the optimiser's update") {
    const Made made{5};
    const Samples data = made.samples();
    Model model{ln::seed{1}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const double loss = trainer.loss_and_gradient(data, first(5));
    const std::vector<double> gradients = copy(trainer.gradients());
    CHECK(same_bits(model, before));
    CHECK(trainer.step(data, first(5)) == loss);
    std::vector<double> expected = copy(before.parameters());
    for (std::size_t p = 0; p < expected.size(); ++p)
        expected[p] -= 0.1 * gradients[p];
    CHECK(close(model.parameters(), expected));
    CHECK(trainer.loss_and_gradient(data, first(5)) < loss);
}

TEST_CASE("trainer: a step's own learning rate goes before the optimiser's") {
    const Made made{5};
    const Samples data = made.samples();
    Model model{ln::seed{1}}, other = model;
    ln::Trainer slow{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.02}};
    ln::Trainer fast{other, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 5}};
    slow.step(data, first(5));
    fast.step(data, first(5), 0.02);
    CHECK(same_bits(model, other));
    slow.step(data, first(5), 0, 0);
    CHECK(same_bits(model, other));
}

namespace {

/// A user's optimiser that divides by the size of the gradient, which in padding is zero.
struct Signs {
    double learning_rate = 0.01;
    template <class T, int Extent>
    struct State {};

    template <class T, int Extent>
    void update(T* parameters, const T* gradients, State<T, Extent>&, double rate) const noexcept {
        for (int i = 0; i < Extent; ++i)
            parameters[i] -= static_cast<T>(rate) * gradients[i] / std::abs(gradients[i]);
    }
};

template <class Optimizer>
void padding_stays_zero(const Optimizer& optimizer) {
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
    for (int i = 0; i < 3; ++i)
        CHECK(std::isfinite(trainer.step(made.samples(), first(5), 0.1, 0.01)));
    std::vector<bool> used(Model::parameter_extent);
    const auto mark = [&](auto view) {
        for (const double& p : view)
            used[static_cast<std::size_t>(&p - model.parameters().data())] = true;
    };
    mark(model.weight<0>());
    mark(model.bias<0>());
    mark(model.weight<3>());
    mark(model.bias<3>());
    for (std::size_t p = 0; p < used.size(); ++p)
        if (!used[p])
            CHECK((model.parameters()[p] == 0 && trainer.gradients()[p] == 0));
}

} // namespace

TEST_CASE("trainer: where padding is in the flat array, gradients and parameters stay zero") {
    padding_stays_zero(sgd);
    padding_stays_zero(ln::Adam{.epsilon = 0}); // 0 / 0 there
    padding_stays_zero(ln::AdamW{.epsilon = 0, .weight_decay = 0.5});
    padding_stays_zero(Signs{});
}

TEST_CASE("trainer: weights that are all zero are refused if the units of a layer would stay equal") {
    const Made made{5};
    Model model;
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const char* const message = "all weights are zero, so all units of a layer would stay equal and only "
                                "the last biases would be learnt. Start from random weights, Model "
                                "model{ln::seed{42}}, or load some";
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)), message, ln::training_error);
    CHECK_THROWS_AS(trainer.loss_and_gradient(made.samples(), first(5)), ln::training_error);
    CHECK(same_bits(model, before));
    model.bias<3>()[1] = 2; // the last biases make no difference between units
    for (double& b : model.bias<0>())
        b = 0.5; // nor do biases that are alike
    CHECK_THROWS_AS(trainer.step(made.samples(), first(5)), ln::training_error);

    model.bias<0>()[1] = 0.25;
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
    model = before;
    model.weight<3>()(0, 3) = 1; // set by hand
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
    model = Model{ln::seed{1}};
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
}

TEST_CASE("trainer: a single layer learns from weights that are all zero") {
    using Linear = ln::Model<ln::Net<ln::Flatten, ln::Dense<4>>, Model::input_shape, double>;
    const Made made{5};
    Linear model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const double loss = trainer.step(made.samples(), first(5));
    for (int i = 0; i < 20; ++i)
        trainer.step(made.samples(), first(5));
    CHECK(trainer.loss_and_gradient(made.samples(), first(5)) < 0.5 * loss);
}

TEST_CASE("trainer: settings and rates that make no sense are refused, and nothing is changed") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Made made{5};
    Model model{ln::seed{1}};
    const Model before = model;
    const auto refused = [&](auto optimizer, const char* message) {
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
        CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)), message, std::invalid_argument);
        CHECK_THROWS_WITH_AS(trainer.update(optimizer.learning_rate), message, std::invalid_argument);
        CHECK(same_bits(model, before));
    };
    const auto sgd_with = [](double rate, double momentum) {
        return ln::SGD{.learning_rate = rate, .momentum = momentum};
    };
    refused(sgd_with(-0.1, 0), "the learning rate must be at least 0 and finite, found -0.1");
    refused(sgd_with(nan, 0), "the learning rate must be at least 0 and finite, found nan");
    refused(sgd_with(infinity, 0), "the learning rate must be at least 0 and finite, found inf");
    refused(sgd_with(0.1, 1.5), "SGD: momentum must be at least 0 and below 1, found 1.5");
    refused(sgd_with(0.1, 1), "SGD: momentum must be at least 0 and below 1, found 1");
    refused(sgd_with(0.1, -0.5), "SGD: momentum must be at least 0 and below 1, found -0.5");
    refused(sgd_with(0.1, nan), "SGD: momentum must be at least 0 and below 1, found nan");
    refused(ln::SGD{.nesterov = true}, "SGD: momentum must be above 0 for nesterov, found 0");
    refused(ln::Adam{.learning_rate = -1}, "the learning rate must be at least 0 and finite, found -1");
    refused(ln::Adam{.beta1 = 1.1}, "Adam: beta1 must be at least 0 and below 1, found 1.1");
    refused(ln::Adam{.beta2 = 1}, "Adam: beta2 must be at least 0 and below 1, found 1");
    refused(ln::Adam{.beta2 = nan}, "Adam: beta2 must be at least 0 and below 1, found nan");
    refused(ln::Adam{.epsilon = -1}, "Adam: epsilon must be at least 0 and finite, found -1");
    refused(ln::Adam{.epsilon = infinity}, "Adam: epsilon must be at least 0 and finite, found inf");
    refused(ln::Adam{.epsilon = 1e39}, "Adam: epsilon must be at least 0 and finite, found 1e39");
    refused(ln::AdamW{.beta1 = -1}, "AdamW: beta1 must be at least 0 and below 1, found -1");
    refused(ln::AdamW{.beta2 = 2}, "AdamW: beta2 must be at least 0 and below 1, found 2");
    refused(ln::AdamW{.epsilon = nan}, "AdamW: epsilon must be at least 0 and finite, found nan");
    refused(ln::AdamW{.epsilon = 1e39}, "AdamW: epsilon must be at least 0 and finite, found 1e39");
    refused(ln::AdamW{.weight_decay = -0.01},
            "AdamW: weight_decay must be at least 0 and finite, found -0.01");
    refused(ln::AdamW{.weight_decay = 1e39}, "AdamW: weight_decay must be at least 0 and finite, found 1e39");
    refused(Signs{.learning_rate = -1}, "the learning rate must be at least 0 and finite, found -1");

    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5), -0.1),
                         "the learning rate must be at least 0 and finite, found -0.1",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5), 0.1, -1),
                         "l2 must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.loss_and_gradient(made.samples(), first(5), nan),
                         "l2 must be at least 0 and finite, found nan", std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5), 0.1, 0, 0),
                         "clip_norm must be above 0, found 0", std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5), 0.1, 0, nan),
                         "clip_norm must be above 0, found nan", std::invalid_argument);
    CHECK_THROWS_WITH_AS(trainer.clip_gradients(-1), "clip_norm must be above 0, found -1",
                         std::invalid_argument);
    CHECK(same_bits(model, before));
    CHECK(std::all_of(std::begin(trainer.state().velocity), std::end(trainer.state().velocity),
                      [](double v) { return v == 0; }));

    using Float = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<1>>; // whose numbers end at 3.4e38
    Float small{ln::seed{1}};
    ln::Trainer of_floats{small, ln::MeanSquaredError{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(of_floats.update(1e39),
                         "the learning rate must be at least 0 and finite, found 1e39",
                         std::invalid_argument);
}

TEST_CASE("trainer: a user's optimiser may refuse its settings too") {
    struct Picky : Signs {
        double sharpness = 0;
        void validate() const {
            ln::require_setting(sharpness > 0, "Picky: sharpness", "above 0", sharpness);
        }
    };
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, Picky{}};
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)), "Picky: sharpness must be above 0, found 0",
                         std::invalid_argument);
    trainer.optimizer.sharpness = 1;
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
}

TEST_CASE("trainer: parameters that are not finite are noticed, also behind outputs that are bounded") {
    using Bounded = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh>, ln::Shape<2>, double>;
    const std::vector<Bounded::Input> x(5, Bounded::Input{{1, 2}});
    const std::vector<Bounded::Output> t(5, Bounded::Output{{1, 1, -1, 1}});
    Bounded model{ln::seed{1}};
    model.weight<0>()(1, 1) = std::numeric_limits<double>::infinity();
    const Bounded before = model;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, sgd};
    CHECK(std::isnan(trainer.step(ln::data::Samples{std::span{x}, std::span{t}}, first(5))));
    CHECK(std::memcmp(&model, &before, sizeof model) == 0);
}

TEST_CASE("trainer: the penalty of a million weights is their sum of squares, to a few 1e-7 of it") {
    using Large = ln::Model<ln::Net<ln::Dense<1000>>, ln::Shape<1001>>;
    const auto model = std::make_unique<Large>(ln::seed{1});
    const auto memory = std::make_unique<ln::TrainingMemory<Large, ln::SGD>>();
    const std::vector<Large::Input> x(1);
    const std::vector<Large::Output> t(1);
    double squares = 0;
    for (const float w : model->weight<0>())
        squares += static_cast<double>(w) * static_cast<double>(w);
    ln::Trainer trainer{*model, ln::MeanSquaredError{}, ln::SGD{}, *memory};
    const float loss =
        trainer.loss_and_gradient(ln::data::Samples{std::span{x}, std::span{t}}, first(1), 0.5);
    CHECK(std::abs(static_cast<double>(loss) / (0.5 * squares) - 1) < 5e-7);
    CHECK(trainer.gradients()[1000 * 1001 - 1] == model->weight<0>()(999, 1000)); // 2 l2 w
}

TEST_CASE(
    "trainer: after an input that is not finite, a step returns NaN and leaves model and optimiser alone") {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        Made made{6}, broken{6};
        broken.inputs[4][7] = bad;
        Model model{ln::seed{1}}, spared = model;
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
        ln::Trainer other{spared, ln::SoftmaxCrossEntropy{}, sgd};
        trainer.step(made.samples(), first(6));
        other.step(made.samples(), first(6));

        CHECK(std::isnan(trainer.step(broken.samples(), first(6), 0.1, 0.01)));
        CHECK(same_bits(model, spared));
        trainer.step(made.samples(), first(6)); // with the same momentum as if nothing had been
        other.step(made.samples(), first(6));
        CHECK(same_bits(model, spared));
    }
}

TEST_CASE("trainer: memory elsewhere gives the same steps") {
    const Made made{7};
    Model model{ln::seed{1}}, other = model;
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::Adam>>();
    ln::Trainer inside{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    ln::Trainer outside{other, ln::SoftmaxCrossEntropy{}, ln::Adam{}, *memory};
    CHECK(sizeof(outside) < 200);
    for (int i = 0; i < 3; ++i)
        CHECK(inside.step(made.samples(), first(7)) == outside.step(made.samples(), first(7)));
    CHECK(same_bits(model, other));
    CHECK(&outside.model() == &other);
}

TEST_CASE("trainer: a gradient that is longer than clip_norm keeps its direction, any other all its bits") {
    const Made made{5};
    Model model{ln::seed{1}}, other = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    ln::Trainer by_hand{other, ln::SoftmaxCrossEntropy{}, sgd};
    trainer.loss_and_gradient(made.samples(), first(5), 0.01);
    const std::vector<double> whole = copy(trainer.gradients());
    double squares = 0;
    for (const double g : whole)
        squares += g * g;
    const double norm = std::sqrt(squares);
    CHECK(trainer.clip_gradients(2 * norm) == doctest::Approx(norm).epsilon(1e-14));
    CHECK(copy(trainer.gradients()) == whole);
    CHECK(trainer.clip_gradients(std::numeric_limits<double>::infinity()) > 0);
    CHECK(copy(trainer.gradients()) == whole);
    CHECK(trainer.clip_gradients(norm / 4) == doctest::Approx(norm).epsilon(1e-14));
    for (std::size_t p = 0; p < whole.size(); ++p)
        CHECK(std::abs(trainer.gradients()[p] - whole[p] * (norm / 4) / (norm + 1e-6)) < 1e-15);

    by_hand.loss_and_gradient(made.samples(), first(5), 0.01);
    by_hand.clip_gradients(norm / 4);
    by_hand.update(0.1);
    trainer.step(made.samples(), first(5), 0.1, 0.01, norm / 4);
    CHECK(same_bits(model, other));
}

namespace {

/// A user's optimiser that knows of frozen layers, and counts the steps of each weight and bias.
struct Counting {
    double learning_rate = 0.01;
    template <class T, int Extent, int Tensors = 1>
    struct State {
        int steps[std::size_t{Tensors}] = {};
        T last[std::size_t{Extent}] = {};
    };
    template <class T, int Extent, int Tensors>
    void update(T* parameters, const T* gradients, State<T, Extent, Tensors>& state, double rate,
                ln::MovingTensors moving) const noexcept {
        for (const ln::ParameterTensor& t : moving) {
            ++state.steps[t.index];
            for (int i = t.from; i < t.to; ++i)
                parameters[i] -= static_cast<T>(rate) * (state.last[i] = gradients[i]);
        }
    }
};

template <class View>
std::vector<double> numbers(View view) {
    return {view.begin(), view.end()};
}

/// The state of layer 0, whose weight and bias come first in the flat array.
template <class Optimizer, class State>
std::vector<double> state_of_first(const State& state) {
    std::vector<double> numbers;
    if constexpr (std::is_same_v<Optimizer, Counting>) {
        numbers.assign(state.last, state.last + Model::tensors[1].end);
        numbers.push_back(state.steps[0]);
        numbers.push_back(state.steps[1]);
    } else {
        State::fields(state, [&](const char*, const auto& x) {
            if constexpr (std::extent_v<std::remove_reference_t<decltype(x)>> == Model::parameter_extent)
                numbers.insert(numbers.end(), x, x + Model::tensors[1].end);
            else
                numbers.insert(numbers.end(), {x[0], x[1]});
        });
    }
    return numbers;
}

template <class Optimizer>
void freezes(const Optimizer& optimizer) {
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
    const auto step = [&] { return trainer.step(made.samples(), first(5), 0.1, 0.01); };
    step();
    step(); // with something to remember
    const std::vector<double> weight = numbers(model.weight<0>()), bias = numbers(model.bias<0>()),
                              last = numbers(model.weight<3>()),
                              state = state_of_first<Optimizer>(trainer.state());
    trainer.template freeze<0>();
    step();
    step();
    CHECK(numbers(model.weight<0>()) == weight);
    CHECK(numbers(model.bias<0>()) == bias);
    CHECK(numbers(model.weight<3>()) != last);
    CHECK(state_of_first<Optimizer>(trainer.state()) == state);
    for (std::size_t p = 0; p < Model::tensors[1].end; ++p)
        CHECK(trainer.gradients()[p] == 0);

    trainer.unfreeze("0.bias");
    step();
    CHECK(numbers(model.weight<0>()) == weight);
    CHECK(numbers(model.bias<0>()) != bias);
    trainer.template unfreeze<0>();
    step();
    CHECK(numbers(model.weight<0>()) != weight);
}

} // namespace

TEST_CASE("trainer: what is frozen stays, with what the optimiser remembers of it, until it is unfrozen") {
    freezes(sgd);
    freezes(ln::Adam{});
    freezes(ln::AdamW{});
    freezes(Counting{});
}

TEST_CASE("trainer: there is no penalty on frozen weights, and they do not count for the norm") {
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const double plain = trainer.loss_and_gradient(made.samples(), first(5));
    trainer.freeze("0");
    double penalty = 0, squares = 0;
    for (const double w : model.weight<3>())
        penalty += 0.5 * w * w;
    CHECK(std::abs(trainer.loss_and_gradient(made.samples(), first(5), 0.5) - (plain + penalty)) < tolerance);
    for (std::size_t p = Model::tensors[2].offset; p < Model::parameter_extent; ++p)
        squares += trainer.gradients()[p] * trainer.gradients()[p];
    CHECK(std::abs(trainer.clip_gradients(1e-3) - std::sqrt(squares)) < tolerance);
}

TEST_CASE("trainer: a gradient of a frozen layer that is not finite is none") {
    using Scaled = ln::Model<ln::Net<ln::Dense<3>, ln::Dense<2>>, ln::Shape<2>, double>;
    const std::vector<Scaled::Input> x(2, Scaled::Input{{1e200, 1}});
    const std::vector<Scaled::Output> t(2, Scaled::Output{{1, 2}});
    Scaled model{ln::seed{1}};
    for (double& w : model.weight<0>())
        w = 0; // outputs are small, and so are all gradients but that of these
    model.bias<0>()[0] = 1;
    for (double& w : model.weight<1>())
        w = 1e150;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, sgd};
    const ln::data::Samples data{std::span{x}, std::span{t}};
    CHECK(std::isnan(trainer.loss_and_gradient(data, first(2))));
    trainer.freeze<0>();
    CHECK(std::isfinite(trainer.loss_and_gradient(data, first(2))));
}

TEST_CASE(
    "trainer: layers are frozen by the names that files have, and another name is an error that lists them") {
    const Made made{5};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    const auto frozen = [&] {
        std::vector<bool> flags;
        for (const ln::ParameterTensor& t : trainer.tensors())
            flags.push_back(t.is_frozen);
        return flags;
    };
    using Flags = std::vector<bool>;
    trainer.freeze("3.bias");
    CHECK(frozen() == Flags{false, false, false, true});
    trainer.freeze("0");
    CHECK(frozen() == Flags{true, true, false, true});
    trainer.unfreeze("0.weight");
    CHECK(frozen() == Flags{false, true, false, true});
    for (const char* name : {"1", "", "0.", "0.wei", "00", "weight"}) {
        const std::string end = std::string{"expected a layer or one of 0.weight, 0.bias, 3.weight, 3.bias, "
                                            "found \""} +
                                name + "\"";
        CHECK_THROWS_WITH_AS(trainer.freeze(name), ("freeze: " + end).c_str(), std::invalid_argument);
        CHECK_THROWS_WITH_AS(trainer.unfreeze(name), ("unfreeze: " + end).c_str(), std::invalid_argument);
    }
    CHECK(frozen() == Flags{false, true, false, true});

    const Model before = model;
    trainer.freeze<0>();
    trainer.freeze<3>();
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), first(5)),
                         "all layers are frozen, so nothing would be learnt: unfreeze one",
                         std::invalid_argument);
    CHECK(same_bits(model, before));
    trainer.unfreeze<3>();
    CHECK(std::isfinite(trainer.step(made.samples(), first(5))));
}

namespace {

struct Measured {
    [[nodiscard]] std::size_t size() const { return 2; }
    [[nodiscard]] float label(std::size_t i) const { return 3.5F * static_cast<float>(i); }
    void inputs(const std::uint32_t (&indices)[std::size_t{ln::native_lanes<float>}], auto x) const {
        for (int r = 0; r < ln::native_lanes<float>; ++r)
            x[0].set(r, static_cast<float>(indices[r]));
    }
    void targets(const std::uint32_t (&indices)[std::size_t{ln::native_lanes<float>}], auto t) const {
        for (int r = 0; r < ln::native_lanes<float>; ++r)
            t[0].set(r, label(indices[r]));
    }
};

} // namespace

TEST_CASE("trainer: a label that is a floating-point number is a target, not the index of an output") {
    ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<1>> model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    const std::uint32_t both[] = {0, 1};
    CHECK(trainer.step(Measured{}, both) > 0);
}

TEST_CASE("a step on no samples, or on samples out of range, throws and changes nothing") {
    const Made made{5};
    Model model{ln::seed{3}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), {}), "step: at least one sample is needed, found none",
                         ln::data_error);
    const std::uint32_t samples[] = {4, 5};
    CHECK_THROWS_WITH_AS(trainer.step(made.samples(), samples),
                         "step: expected samples below 5, found sample 5", ln::data_error);
    CHECK(same_bits(model, before));
}

TEST_CASE("a step on images of another shape, or with a label past the outputs, throws and changes nothing") {
    Model model{ln::seed{3}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const ln::data::Images small{"small", {2, 3, 5}, std::vector<std::uint8_t>(60), {0, 1}};
    const ln::data::Images labels{"labels", {2, 6, 5}, std::vector<std::uint8_t>(180), {0, 200, 3}};
    CHECK_THROWS_WITH_AS(trainer.step(small, first(2)),
                         "small: the model expects images of 2x6x5, found 2x3x5", ln::data_error);
    CHECK_THROWS_AS((void)trainer.loss_and_gradient(small, first(2)), ln::data_error);
    CHECK_THROWS_WITH_AS(
        trainer.step(labels, first(2)),
        "labels: the model has 4 outputs, so labels from 0 to 3 are expected; image 1 has label 200",
        ln::data_error);
    CHECK(same_bits(model, before));

    const std::uint32_t sound[] = {2, 0}; // the label that does not fit is not used
    CHECK(std::isfinite(trainer.step(labels, sound)));
}
