#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/data/split.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/schedules.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace ln = lamina;
using doctest::Approx;

namespace {

using Model =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<2>>, ln::Shape<1, 6, 6>>;
using Options = ln::FitOptions<ln::data::Images>;

/// Noise, brighter in the upper half (class 0) or the lower (class 1).
ln::data::Images halves(int count, std::uint64_t start) {
    ln::Random random{ln::seed{start}};
    std::vector<std::uint8_t> pixels, labels;
    for (int s = 0; s < count; ++s) {
        labels.push_back(static_cast<std::uint8_t>(s % 2));
        for (int i = 0; i < 36; ++i)
            pixels.push_back(static_cast<std::uint8_t>(random.below(120) + (i / 18 == s % 2 ? 100 : 0)));
    }
    return {"halves", {1, 6, 6}, pixels, labels};
}

/// One input pixel and one output, both 1 for each sample; remembers who was asked for, and in which epoch.
struct Recorder {
    std::size_t count;
    mutable std::vector<std::uint32_t> asked = {};

    [[nodiscard]] std::size_t size() const noexcept { return count; }
    template <ln::pad Halo>
    void inputs(const std::uint32_t (&indices)[static_cast<std::size_t>(ln::native_lanes<float>)],
                ln::View<ln::pack<float>, ln::Shape<1>, Halo> x) const {
        asked.insert(asked.end(), std::begin(indices), std::end(indices));
        x[0] = 1;
    }
    void targets(const std::uint32_t (&)[static_cast<std::size_t>(ln::native_lanes<float>)],
                 ln::View<ln::pack<float>, ln::Shape<1>> t) const {
        t[0] = 1;
    }
};
using Single = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<1>>;

auto trainer_of(Model& model, double rate = 0.2) {
    return ln::Trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = rate, .momentum = 0.9}};
}

bool same_bits(const Model& a, const Model& b) {
    return std::memcmp(&a, &b, sizeof(Model)) == 0;
}

/// The message of what f throws.
template <class F>
std::string message_of(F f) {
    try {
        f();
    } catch (const std::exception& e) {
        return e.what();
    }
    return "nothing thrown";
}

} // namespace

TEST_CASE("fit: learns what can be told apart") {
    const ln::data::Images data = halves(101, 1), unseen = halves(50, 2);
    Model model{ln::seed{1}};
    auto trainer = trainer_of(model);
    ln::fit(trainer, data, {.epochs = 5, .batch = 8, .progress = false});
    CHECK(ln::evaluate(model, data).accuracy == 1);
    CHECK(ln::evaluate(model, unseen).accuracy == 1);
}

TEST_CASE("fit: the same seeds give the same bits, another seed of the order others") {
    const ln::data::Images data = halves(50, 1);
    const auto trained = [&](std::uint64_t order) {
        Model model{ln::seed{1}};
        auto trainer = trainer_of(model);
        ln::fit(trainer, data, {.epochs = 2, .batch = 8, .seed = {order}, .progress = false});
        return model;
    };
    CHECK(same_bits(trained(5), trained(5)));
    CHECK(!same_bits(trained(5), trained(6)));
}

TEST_CASE("fit: the order of an epoch depends on nothing but seed and epoch") {
    std::vector<std::uint32_t> order(10);
    const auto of = [&](std::uint64_t start, int epoch) {
        ln::detail::shuffle(order, ln::seed{start}, epoch);
        return order;
    };
    using Order = std::vector<std::uint32_t>; // worked out by another implementation of SplitMix64
    CHECK(of(7, 0) == Order{6, 1, 8, 3, 0, 2, 9, 4, 5, 7});
    CHECK(of(7, 1) == Order{1, 3, 0, 4, 8, 2, 9, 7, 6, 5});
    CHECK(of(7, 0) == Order{6, 1, 8, 3, 0, 2, 9, 4, 5, 7});
}

TEST_CASE("fit: every epoch sees each sample once, in an order of its own") {
    constexpr std::uint32_t lanes = ln::native_lanes<float>, count = 6 * lanes;
    const Recorder data{count};
    Single model;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    std::vector<std::vector<std::uint32_t>> epochs;
    const auto note = [&](const ln::EpochReport&) {
        epochs.emplace_back(data.asked.begin(), data.asked.begin() + count);
        data.asked.clear();
    };
    ln::fit(trainer, data, {.epochs = 3, .batch = 2 * lanes, .on_epoch = note, .progress = false});
    REQUIRE(epochs.size() == 3);
    CHECK(epochs[0] != epochs[1]);
    CHECK(epochs[1] != epochs[2]);
    for (auto& epoch : epochs) {
        std::sort(epoch.begin(), epoch.end());
        std::vector<std::uint32_t> all(count);
        std::iota(all.begin(), all.end(), 0U);
        CHECK(epoch == all);
    }
}

TEST_CASE("fit: the last step of an epoch takes what is left, and weighs as much as its samples") {
    const ln::data::Images data = halves(11, 3);
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model);
    int steps = 0;
    double loss = 0;
    Options options{.epochs = 1, .batch = 4, .progress = false};
    options.schedule = [&](double, std::int64_t) { return ++steps, 0.0; };
    options.on_epoch = [&](const ln::EpochReport& r) { loss = r.loss; };
    ln::fit(trainer, data, options);
    CHECK(steps == 3);
    CHECK(same_bits(model, before));
    CHECK(loss == Approx(ln::evaluate(model, data).loss).epsilon(1e-5)); // float sums in another order
}

TEST_CASE("fit: the schedule is asked with the optimiser's rate and the number of steps before") {
    const Recorder data{10};
    Single model;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.25}};
    std::vector<std::int64_t> iterations;
    std::vector<double> last_rates;
    ln::FitOptions<Recorder> options{.epochs = 2, .batch = 4, .progress = false};
    options.schedule = [&](double rate, std::int64_t iteration) {
        CHECK(rate == 0.25);
        iterations.push_back(iteration);
        return 0.01 * static_cast<double>(iteration);
    };
    options.on_epoch = [&](const ln::EpochReport& r) { last_rates.push_back(r.learning_rate); };
    ln::fit(trainer, data, options);
    CHECK(iterations == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
    CHECK(last_rates == std::vector<double>{0.02, 0.05});
}

TEST_CASE("fit: a schedule that asks for it is told the number of all steps of the run") {
    const Recorder data{10};
    Single model;
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.25}};
    std::vector<double> rates;
    ln::FitOptions<Recorder> options{.epochs = 2, .batch = 4, .progress = false};
    options.schedule = [&](double, std::int64_t iteration, std::int64_t steps) {
        CHECK(steps == 6); // 3 an epoch
        rates.push_back(ln::Cosine{.iterations = 6}(0.25, iteration));
        return rates.back();
    };
    ln::fit(trainer, data, options);
    CHECK(rates.size() == 6);
    const auto learnt = [&](auto schedule) {
        Single other;
        ln::Trainer again{other, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.25}};
        ln::fit(again, data, {.epochs = 2, .batch = 4, .schedule = schedule, .progress = false});
        return other.weight<0>()[0];
    };
    CHECK(learnt(ln::Cosine{}) == model.weight<0>()[0]);
    CHECK(learnt(ln::Warmup{.iterations = 2, .then = ln::Cosine{}}) ==
          learnt(ln::Warmup{.iterations = 2, .then = ln::Cosine{.iterations = 4}}));
    CHECK(learnt(static_cast<double (*)(double, std::int64_t, std::int64_t)>(nullptr)) ==
          learnt(ln::Constant{}));
}

TEST_CASE("fit: a step uses the schedule's rate, l2, clip_norm and the samples in the epoch's order") {
    const ln::data::Images data = halves(10, 4);
    Model model{ln::seed{1}}, by_hand = model;
    auto trainer = trainer_of(model), steps = trainer_of(by_hand);
    ln::fit(trainer, data,
            {.epochs = 2,
             .batch = 4,
             .seed = {7},
             .schedule = ln::Cosine{.iterations = 6},
             .l2 = 0.01,
             .clip_norm = 0.5,
             .progress = false});
    std::vector<std::uint32_t> order(10);
    std::int64_t iteration = 0;
    for (const int epoch : {0, 1}) {
        ln::detail::shuffle(order, ln::seed{7}, epoch);
        for (std::size_t first = 0; first < 10; first += 4)
            steps.step(data, std::span{order}.subspan(first, std::min<std::size_t>(4, 10 - first)),
                       ln::Cosine{.iterations = 6}(0.2, iteration++), 0.01, 0.5);
    }
    CHECK(same_bits(model, by_hand));
}

TEST_CASE("fit: reports every epoch, with the validation data's metrics") {
    const ln::data::Images data = halves(20, 1), unseen = halves(30, 2);
    Model model{ln::seed{1}};
    auto trainer = trainer_of(model);
    std::vector<ln::EpochReport> reports;
    Options options{.epochs = 3, .batch = 5, .validation = &unseen, .progress = false};
    options.on_epoch = [&](const ln::EpochReport& r) {
        reports.push_back(r);
        const ln::Metrics now = ln::evaluate(model, unseen);
        CHECK(r.validation.accuracy == now.accuracy);
        CHECK(r.validation.loss == now.loss);
        CHECK(r.validation.samples == 30);
    };
    ln::fit(trainer, data, options);
    REQUIRE(reports.size() == 3);
    for (int e = 0; e < 3; ++e) {
        const ln::EpochReport& r = reports[static_cast<std::size_t>(e)];
        CHECK(r.epoch == e + 1);
        CHECK(r.epochs == 3);
        CHECK(r.learning_rate == 0.2);
        CHECK(r.seconds > 0);
        CHECK(r.samples_per_second == Approx(20 / r.seconds));
    }
    CHECK(reports[2].loss < reports[0].loss);
    options = {.epochs = 1, .progress = false};
    options.on_epoch = [](const ln::EpochReport& r) { CHECK(r.validation.samples == 0); };
    ln::fit(trainer, data, options);
}

TEST_CASE("fit: on_epoch may end the run, and fit says that it did") {
    const ln::data::Images data = halves(20, 1);
    Model model{ln::seed{1}}, by_hand = model;
    auto trainer = trainer_of(model), other = trainer_of(by_hand);
    const ln::FitReport report =
        ln::fit(trainer, data,
                {.epochs = 9,
                 .batch = 5,
                 .on_epoch = [](const ln::EpochReport& r) { return ln::stop_if(r.epoch == 3); },
                 .progress = false});
    CHECK(report.epochs == 3);
    CHECK(report.ended == ln::Ended::on_epoch);
    CHECK(report.best_epoch == 0);
    CHECK(std::isnan(report.best));
    const ln::FitReport whole = ln::fit(other, data, {.epochs = 3, .batch = 5, .progress = false});
    CHECK(whole.epochs == 3);
    CHECK(whole.ended == ln::Ended::all_epochs);
    CHECK(same_bits(model, by_hand));
}

TEST_CASE("fit: a run that on_epoch ends has its last step looked at too") {
    const ln::data::Images data = halves(40, 1);
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    Options options{.epochs = 3, .batch = 8, .progress = false};
    options.schedule = [&](double, std::int64_t i) { return i == 9 ? 1e38 : 0.01; };
    options.on_epoch = [](const ln::EpochReport& r) { return ln::stop_if(r.epoch == 2); };
    CHECK(message_of([&] { ln::fit(trainer, data, options); })
              .find("the loss or a parameter is no longer finite "
                    "in epoch 2, step 5 ") == 0);
    CHECK(std::isfinite(ln::evaluate(model, data).loss));
}

namespace {

/// Two good epochs of five steps, and then rates that spoil what was learnt.
double spoiling(double, std::int64_t iteration) {
    return iteration < 10 ? 0.1 : 5.0;
}
/// A run with patience, and what its epochs were.
struct Patient {
    Model model{ln::seed{1}};
    std::vector<Model> after; ///< each epoch
    std::vector<double> losses, accuracies;
    ln::FitReport report;

    Patient(int epochs, ln::Patience patience) {
        const ln::data::Images data = halves(40, 1), unseen = halves(30, 2);
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
        Options options{.epochs = epochs, .batch = 8, .validation = &unseen, .patience = patience};
        options.schedule = spoiling;
        options.on_epoch = [&](const ln::EpochReport& r) {
            after.push_back(model);
            losses.push_back(r.validation.loss);
            accuracies.push_back(r.validation.accuracy);
        };
        options.progress = false;
        report = ln::fit(trainer, data, options);
    }
};

} // namespace

TEST_CASE("fit: patience ends a run so many epochs after the best one, with its parameters") {
    const Patient run{9, 3};
    const auto best = std::min_element(run.losses.begin(), run.losses.end()) - run.losses.begin();
    REQUIRE(best == 1);
    CHECK(run.losses.size() == 5); // the second, and three more
    CHECK(run.report.ended == ln::Ended::patience);
    CHECK(run.report.epochs == 5);
    CHECK(run.report.best_epoch == 2);
    CHECK(run.report.best == run.losses[1]);
    CHECK(same_bits(run.model, run.after[1]));
    CHECK(ln::evaluate(run.model, halves(30, 2)).loss == run.losses[1]);
}

TEST_CASE("fit: with patience, a run whose epochs are over has the parameters of the best one too") {
    const Patient run{4, 3};
    CHECK(run.report.ended == ln::Ended::all_epochs);
    CHECK(run.report.epochs == 4);
    CHECK(run.report.best_epoch == 2);
    CHECK(same_bits(run.model, run.after[1]));
    const Patient without{4, 0};
    CHECK(without.report.best_epoch == 2);
    CHECK(same_bits(without.model, without.after[3]));
    CHECK(same_bits(run.after[3], without.after[3])); // what is learnt is the same
}

TEST_CASE("fit: patience on the accuracy waits for a larger one") {
    const Patient run{9, {2, ln::Metric::accuracy}};
    const auto best = std::max_element(run.accuracies.begin(), run.accuracies.end()) - run.accuracies.begin();
    CHECK(run.report.ended == ln::Ended::patience);
    CHECK(run.report.best_epoch == best + 1);
    CHECK(run.report.epochs == best + 3);
    CHECK(run.report.best == run.accuracies[static_cast<std::size_t>(best)]);
    CHECK(same_bits(run.model, run.after[static_cast<std::size_t>(best)]));
}

TEST_CASE("fit: patience that makes no sense is refused, and the model is left alone") {
    const ln::data::Images data = halves(8, 1), none = halves(0, 1);
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.validation = &data, .patience = -1}),
                         "fit: patience must be at least 0 epochs, found -1", std::invalid_argument);
    const char* const without =
        "fit: patience compares epochs on validation data: expected .validation, found no samples";
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.patience = 2}), without, std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.validation = &none, .patience = 2}), without,
                         std::invalid_argument);
    CHECK(same_bits(model, before));

    const Recorder targets{10};
    Single single;
    ln::Trainer of_targets{single, ln::MeanSquaredError{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(
        ln::fit(of_targets, targets, {.validation = &targets, .patience = {2, ln::Metric::accuracy}}),
        "fit: patience on the accuracy expects validation data with labels, found none: leave "
        "Metric::accuracy "
        "out to go by the loss",
        std::invalid_argument);
    CHECK(single.weight<0>()[0] == 0);
}

TEST_CASE("fit: zero epochs do nothing, also without samples") {
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model);
    Options options{.epochs = 0};
    options.on_epoch = [](const ln::EpochReport&) { FAIL("no epoch, no report"); };
    ln::fit(trainer, halves(4, 1), options);
    ln::fit(trainer, halves(0, 1), options);
    CHECK(same_bits(model, before));
}

TEST_CASE("fit: data and options that make no sense are refused, and the model is left alone") {
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model);
    const ln::data::Images good = halves(4, 1);
    const ln::data::Images narrow{"train.idx", {1, 6, 5}, std::vector<std::uint8_t>(60), {0, 1}};
    const ln::data::Images labels{"train.idx", {1, 6, 6}, std::vector<std::uint8_t>(72), {1, 2}};

    CHECK_THROWS_WITH_AS(ln::fit(trainer, halves(0, 1)), "fit: at least one sample is needed, found none",
                         ln::data_error);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, good, {.batch = 0}),
                         "fit: epochs must be at least 0 and batch at least 1, found epochs 1 and batch 0",
                         std::invalid_argument);
    CHECK_THROWS_AS(ln::fit(trainer, good, {.epochs = -1}), std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, good, {.l2 = -1}), "l2 must be at least 0 and finite, found -1",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, good, {.clip_norm = 0}), "clip_norm must be above 0, found 0",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, good, {.clip_norm = std::numeric_limits<double>::quiet_NaN()}),
                         "clip_norm must be above 0, found nan", std::invalid_argument);
    CHECK_THROWS_AS(ln::fit(trainer, good, {.l2 = std::numeric_limits<double>::quiet_NaN()}),
                    std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, narrow),
                         "train.idx: the model expects images of 1x6x6, found 1x6x5", ln::data_error);
    CHECK_THROWS_WITH_AS(
        ln::fit(trainer, labels),
        "train.idx: the model has 2 outputs, so labels from 0 to 1 are expected; image 1 has label 2. "
        "Labels count from 0: if yours begin at 1, subtract 1",
        ln::data_error);
    CHECK_THROWS_AS(ln::fit(trainer, good, {.validation = &labels}), ln::data_error);
    CHECK(same_bits(model, before));
}

TEST_CASE("fit: a schedule that makes no sense is refused before the first step") {
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, halves(4, 1), {.schedule = ln::Warmup{}, .progress = false}),
                         "Warmup: iterations must be at least 1, found 0", std::invalid_argument);
    CHECK(same_bits(model, before));
}

TEST_CASE("fit: an option takes what it is made of, null, or nothing") {
    const ln::data::Images data = halves(4, 1);
    ln::data::Images* const changeable = nullptr;
    Model model{ln::seed{1}};
    auto trainer = trainer_of(model);
    int reports = 0;
    Options options{.schedule = {}, .validation = nullptr, .on_epoch = nullptr, .checkpoints = nullptr};
    options.progress = false;
    CHECK(options.validation == nullptr);
    options.validation = changeable;
    options.on_epoch = [&](const auto&) { ++reports; };
    ln::fit(trainer, data, options);
    options.validation = &data;
    CHECK(options.validation == &data);
    options.on_epoch = [&](ln::EpochReport r) { reports += static_cast<int>(r.validation.samples); };
    ln::fit(trainer, data, options);
    CHECK(reports == 1 + 4);
}

TEST_CASE("fit: a rate at which training diverges is a training_error that says where") {
    const ln::data::Images data = halves(40, 1);
    Model model{ln::seed{1}};
    auto trainer = trainer_of(model, 1e30);
    const std::string message = message_of([&] { ln::fit(trainer, data, {.batch = 8, .progress = false}); });
    CHECK(message.find("the loss or a parameter is no longer finite in epoch 1, step ") == 0);
    CHECK(message.find("Try a smaller learning rate") != std::string::npos);
    CHECK_THROWS_AS(ln::fit(trainer, data, {.batch = 8, .progress = false}), ln::training_error);
}

TEST_CASE(
    "fit: whenever training diverges, the model keeps its parameters of before, whose loss was finite") {
    const ln::data::Images data = halves(40, 1);
    for (const int when : {0, 1, 3, 4, 5, 9}) { // 5 steps an epoch: first, inner and last steps of each
        Model model{ln::seed{1}}, before = model;
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
        ln::Trainer by_hand{before, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
        Options options{.epochs = 2, .batch = 8, .progress = false};
        options.schedule = [&](double, std::int64_t i) { return i == when ? 1e38 : 0.01; };
        const std::string message = message_of([&] { ln::fit(trainer, data, options); });
        CAPTURE(when);
        CHECK(message.find("the loss or a parameter is no longer finite in epoch ") == 0);
        CHECK(std::isfinite(ln::evaluate(model, data).loss));

        std::vector<std::uint32_t> order(40);
        for (int i = 0; i < when; ++i) {
            ln::detail::shuffle(order, ln::seed{0}, i / 5);
            by_hand.step(data, std::span{order}.subspan(static_cast<std::size_t>(i % 5 * 8), 8), 0.01);
        }
        CHECK(same_bits(model, before));
    }
}

TEST_CASE("fit: parameters that are not finite are not validated, and not reported on") {
    const ln::data::Images data = halves(40, 1);
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    Options options{.epochs = 2, .batch = 8, .validation = &data, .progress = false};
    for (float& w : model.weight<3>())
        w *= 100; // so that gradients are large
    options.schedule = [&](double, std::int64_t i) { return i == 4 ? 3e38 : 1e-5; };
    options.on_epoch = [](const ln::EpochReport&) { FAIL("the last step of the first epoch diverged"); };
    const std::string message = message_of([&] { ln::fit(trainer, data, options); });
    CHECK(message.find("the loss or a parameter is no longer finite in epoch 1, step 5 ") == 0);
}

TEST_CASE("fit: an input that is not finite is found in the step that meets it") {
    using Line = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;
    std::vector<Line::Input> inputs(6, Line::Input{{1, 2}});
    const std::vector<Line::Output> targets(6, Line::Output{{3}});
    std::vector<std::uint32_t> order(6);
    ln::detail::shuffle(order, ln::seed{0}, 0);
    inputs[order[4]][1] = std::numeric_limits<float>::infinity(); // in the third step of two samples
    Line model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.01}};
    const ln::data::Samples data{std::span<const Line::Input>{inputs}, std::span{targets}};
    const std::string message = message_of([&] { ln::fit(trainer, data, {.batch = 2, .progress = false}); });
    CHECK(message ==
          "the loss or a parameter is no longer finite in epoch 1, step 3 (learning rate 0.01); the "
          "model keeps its last good parameters. In this step, sample " +
              std::to_string(order[4]) + " has an input that is not finite");
    CHECK(ln::all_finite(model.parameters().data(), Line::parameter_extent));
}

namespace {

/// In the third epoch, sample 2 is not finite.
struct Spoilt : ln::data::Over<ln::data::Samples<float, ln::Shape<2>, ln::Shape<1>>> {
    using Over::Over;
    void training_inputs(const auto& indices, auto x, int epoch) const {
        inputs(indices, x);
        for (int lane = 0; lane < ln::native_lanes<float>; ++lane)
            if (epoch == 3 && indices[lane] == 2)
                x[1].set(lane, std::numeric_limits<float>::infinity());
    }
};
bool ends_with(const std::string& text, std::string_view end) {
    CAPTURE(text);
    return text.ends_with(end);
}
/// What f writes to standard error.
template <class F>
std::string printed_by(F f) {
    std::fflush(stderr);
    std::FILE* const file = std::tmpfile();
    const int before = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    f();
    std::fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    std::string text(static_cast<std::size_t>(std::ftell(file)), ' ');
    std::rewind(file);
    text.resize(std::fread(text.data(), 1, text.size(), file));
    std::fclose(file);
    return text;
}

} // namespace

TEST_CASE("fit: a sample that is not finite is named, in its epoch and in the original data") {
    using Line = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;
    const std::vector<Line::Input> inputs(6, Line::Input{{1, 2}});
    std::vector<Line::Output> targets(6, Line::Output{{3}});
    targets[4][0] = std::numeric_limits<float>::quiet_NaN();
    const ln::data::Samples data{inputs, targets};
    Line model{ln::seed{1}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.01}};
    const ln::data::Subset part{data, {0, 4, 1}};
    CHECK(ends_with(message_of([&] { ln::fit(trainer, part, {.batch = 2, .progress = false}); }),
                    "In this step, sample 4 of the original data has a target that is not finite"));
    targets[4][0] = 3;
    const Spoilt spoilt{data};
    const std::string message =
        message_of([&] { ln::fit(trainer, spoilt, {.epochs = 4, .batch = 2, .progress = false}); });
    CHECK(message.find("in epoch 3, step ") != std::string::npos);
    CHECK(ends_with(message, "In this step, sample 2 has an input that is not finite"));
}

TEST_CASE("fit: where large numbers are why training diverges, its error says to scale them") {
    using Line = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;
    std::vector<Line::Input> inputs(6, Line::Input{{1, 2}});
    std::vector<Line::Output> targets(6, Line::Output{{3}});
    const ln::data::Samples data{inputs, targets};
    const auto error = [&](double rate) {
        Line model{ln::seed{1}};
        ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = rate}};
        return message_of([&] { ln::fit(trainer, data, {.epochs = 100, .progress = false}); });
    };
    CHECK(ends_with(error(1e20), "good parameters. Try a smaller learning rate"));
    targets[2][0] = 700;
    CHECK(ends_with(error(1e20),
                    "Try a smaller learning rate, and scale targets to numbers near 1 (standardise "
                    "each column): there are some as large as 700"));
    inputs[5][1] = -51'000;
    CHECK(ends_with(error(0.01),
                    "Try a smaller learning rate, and scale inputs and targets to numbers near 1 "
                    "(standardise each column): there are some as large as 51000"));
}

TEST_CASE("fit: of a validation loss that is not finite it says why") {
    using Line = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<2>>;
    std::vector<Line::Input> inputs(20, Line::Input{{1, 2}});
    const std::vector<Line::Output> targets(20, Line::Output{{3}});
    const ln::data::Samples data{inputs, targets};
    Line model{ln::seed{1}};
    ln::detail::Cause text;
    ln::detail::describe_validation(text, model, data);
    CHECK(
        std::string{text} ==
        "the validation loss is not finite, although all inputs and targets of the validation data are: the "
        "model's outputs are too large, or all weights of the labels are 0\n");
    inputs[17][0] = std::numeric_limits<float>::quiet_NaN();
    ln::detail::describe_validation(text, model, data);
    CHECK(std::string{text} ==
          "the validation loss is not finite: sample 17 has an input that is not finite\n");

    const ln::data::Subset train{data, {0, 1, 2}}, validation{data, {3, 17}};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.01}};
    const std::string printed =
        printed_by([&] { ln::fit(trainer, train, {.epochs = 3, .validation = &validation}); });
    const std::string remark =
        "the validation loss is not finite: sample 17 of the original data has an input that is not finite\n";
    const std::size_t at = printed.find(remark);
    CHECK(at != std::string::npos);
    CHECK(printed.find(remark, at + 1) == std::string::npos);
    CHECK(printed_by([&] { ln::fit(trainer, train, {.validation = &train}); }).find("not finite") ==
          std::string::npos);
}

TEST_CASE("fit: good parameters are finite ones, also where outputs are bounded and the loss is finite") {
    using Bounded = ln::Model<ln::Net<ln::Dense<3>, ln::Tanh, ln::Dense<2>, ln::Tanh>, ln::Shape<2>>;
    std::vector<Bounded::Input> inputs;
    std::vector<Bounded::Output> targets;
    ln::Random random{ln::seed{2}};
    for (int i = 0; i < 40; ++i) {
        const float x = static_cast<float>(random.symmetric()), y = static_cast<float>(random.symmetric());
        inputs.push_back({{x, y}});
        targets.push_back(
            {{x > y ? 1.0F : -1.0F, x > 0 ? 50.0F : -50.0F}}); // far, so that gradients are large
    }
    const ln::data::Samples data{std::span<const Bounded::Input>{inputs},
                                 std::span<const Bounded::Output>{targets}};
    const ln::SGD sgd{.learning_rate = 0.01, .momentum = 0.9};
    // 5 steps an epoch: first, inner and last steps, and those around the 32nd, which are copied.
    for (const int when : {0, 1, 3, 4, 5, 9, 31, 32, 33, 34, 64, 79}) {
        CAPTURE(when);
        Bounded model{ln::seed{1}}, other = model;
        ln::Trainer trainer{model, ln::MeanSquaredError{}, sgd};
        ln::Trainer by_hand{other, ln::MeanSquaredError{}, sgd};
        ln::FitOptions<ln::data::Samples<float, ln::Shape<2>, ln::Shape<2>>> options{
            .epochs = 16, .batch = 8, .progress = false};
        options.schedule = [&](double rate, std::int64_t i) { return i == when ? 3e38 : rate; };
        const std::string message = message_of([&] { ln::fit(trainer, data, options); });
        CHECK(message.find("the loss or a parameter is no longer finite in epoch ") == 0);

        std::vector<std::uint32_t> order(40);
        for (int i = 0; i < when; ++i) {
            ln::detail::shuffle(order, ln::seed{0}, i / 5);
            by_hand.step(data, std::span{order}.subspan(static_cast<std::size_t>(i % 5 * 8), 8));
        }
        CHECK(std::memcmp(&model, &other, sizeof model) == 0);
        CHECK(std::memcmp(&trainer.state(), &by_hand.state(), sizeof trainer.state()) == 0);

        ln::fit(trainer, data,
                {.epochs = 1, .batch = 8, .progress = false}); // goes on as if nothing had been
        ln::fit(by_hand, data, {.epochs = 1, .batch = 8, .progress = false});
        CHECK(std::memcmp(&model, &other, sizeof model) == 0);
    }
}

TEST_CASE("fit: what on_epoch does to the model is part of the way back") {
    const ln::data::Images data = halves(40, 1);
    Model model{ln::seed{1}}, good = model;
    const ln::SGD sgd{.learning_rate = 0.1};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, sgd};
    Options options{.epochs = 4, .batch = 8, .progress = false};
    options.schedule = [](double rate, std::int64_t i) { return i == 17 ? 3e38 : rate; };
    options.on_epoch = [&](const ln::EpochReport& report) {
        for (float& p : model.parameters())
            p *= 0.5F; // as weights are clipped, averaged, or replaced by the best so far
        if (report.epoch == 3)
            good = model;
    };
    CHECK_THROWS_AS(ln::fit(trainer, data, options), ln::training_error);

    ln::Trainer by_hand{good, ln::SoftmaxCrossEntropy{}, sgd};
    std::vector<std::uint32_t> order(40);
    ln::detail::shuffle(order, ln::seed{0}, 3);
    for (std::size_t i = 0; i < 2; ++i)
        by_hand.step(data, std::span{order}.subspan(i * 8, 8));
    CHECK(same_bits(model, good));
}

namespace {

/// Gives zeros, but two of the samples asked for are so large that a step on one leads to parameters that are
/// not finite, though its own loss and gradient are.
struct LargeTwice {
    int first, second;
    mutable int asked = -1;

    [[nodiscard]] std::size_t size() const noexcept { return 64; }
    void inputs(const std::uint32_t (&)[static_cast<std::size_t>(ln::native_lanes<float>)],
                ln::View<ln::pack<float>, ln::Shape<1>> x) const noexcept {
        ++asked;
        x[0] = asked == first || asked == second ? 1e19F : 0.0F;
    }
    void targets(const std::uint32_t (&)[static_cast<std::size_t>(ln::native_lanes<float>)],
                 ln::View<ln::pack<float>, ln::Shape<1>> t) const noexcept {
        t[0] = 0;
    }
};

} // namespace

TEST_CASE("fit: a training_error leaves finite parameters, also where samples are others the second time") {
    for (int second = 9; second < 21; ++second) {
        CAPTURE(second);
        Single model;
        model.weight<0>()[0] = 1;
        ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 10}};
        // The step on sample 8 leads astray, which the next one notices; those before it are taken again.
        const LargeTwice data{8, second};
        CHECK_THROWS_AS(ln::fit(trainer, data, {.batch = 1, .progress = false}), ln::training_error);
        CHECK(model.weight<0>()[0] == 1);
    }
}

TEST_CASE("fit: settings of the optimiser and rates that make no sense are refused before the step") {
    const ln::data::Images data = halves(40, 1);
    Model model{ln::seed{1}};
    const Model before = model;
    auto trainer = trainer_of(model, -0.1);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.progress = false}),
                         "the learning rate must be at least 0 and finite, found -0.1",
                         std::invalid_argument);
    trainer.optimizer = {.learning_rate = 0.1, .momentum = std::numeric_limits<double>::infinity()};
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.progress = false}),
                         "SGD: momentum must be at least 0 and below 1, found inf", std::invalid_argument);
    trainer.optimizer = {.learning_rate = 0.1, .momentum = 0.9};
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.l2 = std::numeric_limits<double>::infinity()}),
                         "l2 must be at least 0 and finite, found inf", std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.schedule = ln::StepDecay{.factor = -1}, .progress = false}),
                         "StepDecay: factor must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK_THROWS_WITH_AS(
        ln::fit(trainer, data, {.schedule = ln::Cosine{.iterations = 9, .lowest = -1}, .progress = false}),
        "Cosine: lowest must be at least 0 and finite, found -1", std::invalid_argument);
    CHECK(same_bits(model, before));

    Options options{.epochs = 2, .batch = 8, .progress = false};
    options.schedule = [](double rate, std::int64_t i) { return i == 3 ? -rate : rate; };
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, options),
                         "the learning rate must be at least 0 and finite, found -0.1",
                         std::invalid_argument);
    Model by_hand = before; // the three steps before
    auto steps = trainer_of(by_hand, 0.1);
    std::vector<std::uint32_t> order(40);
    ln::detail::shuffle(order, ln::seed{0}, 0);
    for (std::size_t i = 0; i < 3; ++i)
        steps.step(data, std::span{order}.subspan(i * 8, 8));
    CHECK(same_bits(model, by_hand));
}

TEST_CASE("fit: a model without a seed is refused before the first step") {
    const ln::data::Images data = halves(8, 1);
    Model model;
    auto trainer = trainer_of(model);
    CHECK(message_of([&] { ln::fit(trainer, data, {.progress = false}); }).find("all weights are zero") == 0);
    CHECK(same_bits(model, Model{}));
}
