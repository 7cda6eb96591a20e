// Runs of fit that are interrupted and resumed.
#include <lamina/io/checkpoints.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/adamw.hpp>
#include <lamina/optimizers/schedules.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/fit.hpp>

#include "made_training.hpp"
#include "stored_file.hpp"
#include "unit/files/scratch.hpp"
#include "unit/files/small_disk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace ln = lamina;

namespace {

using made::Model;
using Options = ln::FitOptions<ln::data::Images>;

struct Interrupted {};

/// Learning rates from a schedule, until a number of steps have begun; then the program is interrupted.
std::function<double(double, std::int64_t)> until(std::int64_t steps) {
    return [steps](double rate, std::int64_t iteration) {
        if (iteration >= steps)
            throw Interrupted{};
        return ln::Cosine{.iterations = 40}(rate, iteration);
    };
}

constexpr int samples = 22, batch = 4, steps_an_epoch = 6, epochs = 3;

Options options(std::int64_t steps) {
    return {.epochs = epochs,
            .batch = batch,
            .seed = {7},
            .schedule = until(steps),
            .l2 = 1e-3,
            .progress = false};
}

/// Trains from `resume` on, up to `steps`, with a checkpoint after each step and so many; returns model and
/// state. With `Thaws`, the first layer is frozen in the first epoch, and gradients are clipped.
template <bool Thaws = false, class Optimizer>
FileBytes run(Optimizer optimizer, const std::string& path, std::int64_t steps, std::int64_t every,
              bool resume) {
    const ln::data::Images data = made::halves(samples, 1);
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
    ln::Checkpoints checkpoints{trainer, {.last = path, .every = every, .resume = resume}};
    Options all = options(steps);
    all.checkpoints = &checkpoints;
    if constexpr (Thaws) {
        trainer.freeze("0");
        all.clip_norm = 0.5;
        all.on_epoch = [&](const ln::EpochReport&) { trainer.unfreeze("0"); };
    }
    try {
        ln::fit(trainer, data, all);
    } catch (const Interrupted&) {
    }
    return ln::save_checkpoint(trainer, {});
}

template <bool Thaws = false, class Optimizer>
void check_same_bits(Optimizer optimizer) {
    const Scratch scratch;
    const std::string path = scratch.path("run.checkpoint");
    const FileBytes whole = run<Thaws>(optimizer, scratch.path("whole"), 1000, 5, false);
    for (int stop = 1; stop < epochs * steps_an_epoch; ++stop)
        for (const std::int64_t every : {0, 1, 4}) {
            CAPTURE(stop);
            CAPTURE(every);
            CHECK(run<Thaws>(optimizer, path, stop, every, false) != whole);
            CHECK(run<Thaws>(optimizer, path, 1000, every, true) == whole);
            CHECK(run<Thaws>(optimizer, path, 1000, every, true) == whole); // over already
        }
}

} // namespace

TEST_CASE("resume: a run interrupted at any step ends with the same bits, whatever the optimiser") {
    check_same_bits(ln::SGD{.learning_rate = 0.1});
    check_same_bits(ln::SGD{.learning_rate = 0.05, .momentum = 0.9});
    check_same_bits(ln::SGD{.learning_rate = 0.05, .momentum = 0.9, .nesterov = true});
    check_same_bits(ln::Adam{.learning_rate = 0.01});
    check_same_bits(made::Tiring{});
    check_same_bits(made::Plain{});
}

TEST_CASE("resume: with clipped gradients, and a layer that on_epoch unfreezes, still the same bits") {
    check_same_bits<true>(ln::SGD{.learning_rate = 0.05, .momentum = 0.9});
    check_same_bits<true>(ln::AdamW{.learning_rate = 0.01});
}

TEST_CASE("resume: with smoothed labels, and a warm-up before a cosine of the run, still the same bits") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1);
    const auto trained = [&](const std::string& path, std::int64_t steps, bool resume) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{.label_smoothing = 0.1}, ln::AdamW{}};
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = resume}};
        Options all = options(0);
        all.schedule = [steps](double rate, std::int64_t iteration, std::int64_t of_run) {
            if (iteration >= steps)
                throw Interrupted{};
            return ln::Warmup{.iterations = 5, .then = ln::Cosine{}}(rate, iteration, of_run);
        };
        all.checkpoints = &checkpoints;
        try {
            ln::fit(trainer, data, all);
        } catch (const Interrupted&) {
        }
        return ln::save_checkpoint(trainer, {});
    };
    const FileBytes whole = trained(scratch.path("whole"), 1000, false);
    for (const int stop : {3, 5, 11, 17}) {
        CAPTURE(stop);
        CHECK(trained(scratch.path("run"), stop, false) != whole);
        CHECK(trained(scratch.path("run"), 1000, true) == whole);
    }
}

TEST_CASE("resume: with batch norm and dropout in branches, still the same bits, whatever the threads") {
    using Branching =
        ln::Model<ln::Net<ln::Conv<3, 3>, ln::BatchNorm<>, ln::ReLU,
                          ln::Residual<ln::Conv<3, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Dropout<20>>,
                          ln::Concat<ln::Identity, ln::Net<ln::Dropout<30>, ln::Conv<2, 1>>>, ln::Dense<2>>,
                  ln::Shape<1, 6, 6>>;
    constexpr int steps_of_all = 9; // three epochs of batches of 18, 18 and 4: more than a pack, and less
    const Scratch scratch;
    const ln::data::Images data = made::halves(40, 1);
    const auto trained = [&](const std::string& path, std::int64_t steps, int threads, bool resume) {
        Branching model{ln::seed{1}};
        const auto memory = std::make_unique<ln::TrainingMemory<Branching, ln::SGD, 18>>();
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9},
                            *memory};
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = resume}};
        Options all = options(steps);
        all.batch = 18;
        all.threads = threads;
        all.checkpoints = &checkpoints;
        try {
            ln::fit(trainer, data, all);
        } catch (const Interrupted&) {
        }
        return ln::save_checkpoint(trainer, {});
    };
    const FileBytes whole = trained(scratch.path("whole"), 1000, 1, false);
    CHECK(trained(scratch.path("whole"), 1000, 2, false) == whole);
    CHECK(trained(scratch.path("whole"), 1000, 3, false) == whole);
    for (int stop = 1; stop < steps_of_all; ++stop) {
        CAPTURE(stop);
        CHECK(trained(scratch.path("run"), stop, 1 + stop % 3, false) != whole);
        CHECK(trained(scratch.path("run"), 1000, 1 + (stop + 1) % 3, true) == whole);
    }
}

TEST_CASE("resume: interrupted again and again, each time after two steps, still the same bits") {
    const Scratch scratch;
    const FileBytes whole = run(ln::Adam{}, scratch.path("whole"), 1000, 1, false);
    FileBytes now = run(ln::Adam{}, scratch.path("run"), 2, 1, false);
    for (int steps = 4; steps <= epochs * steps_an_epoch + 2; steps += 2)
        now = run(ln::Adam{}, scratch.path("run"), steps, 1, true);
    CHECK(now == whole);
}

TEST_CASE("resume: epochs are reported with the loss they would have had, validation and best go on") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1), unseen = made::halves(10, 2);
    const auto reports = [&](const std::string& name, std::int64_t steps, bool resume) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.1}};
        ln::Checkpoints checkpoints{
            trainer,
            {.last = scratch.path(name), .best = scratch.path(name + ".best"), .every = 1, .resume = resume}};
        std::vector<ln::EpochReport> all;
        Options o = options(steps);
        o.validation = &unseen;
        o.on_epoch = [&](const ln::EpochReport& r) { all.push_back(r); };
        o.checkpoints = &checkpoints;
        try {
            ln::fit(trainer, data, o);
        } catch (const Interrupted&) {
        }
        return all;
    };
    const auto whole = reports("whole", 1000, false);
    REQUIRE(whole.size() == epochs);
    CHECK(reports("run", 9, false).size() == 1);
    const auto rest = reports("run", 1000, true);
    REQUIRE(rest.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(rest[i].epoch == whole[i + 1].epoch);
        CHECK(rest[i].loss == whole[i + 1].loss);
        CHECK(rest[i].learning_rate == whole[i + 1].learning_rate);
        CHECK(rest[i].validation.loss == whole[i + 1].validation.loss);
    }
    Model best, other;
    ln::load(best, scratch.path("whole.best"));
    ln::load(other, scratch.path("run.best"));
    CHECK(same_bits(best, other));
    double smallest = 1e9;
    for (const ln::EpochReport& r : whole)
        smallest = std::min(smallest, r.validation.loss);
    CHECK(ln::evaluate(best, unseen).loss == smallest);
}

namespace {

/// A run of seven epochs whose second or third is the best, until it is interrupted; its end.
struct Stopped {
    Model model{ln::seed{1}};
    ln::Trainer<Model, ln::SoftmaxCrossEntropy, ln::Adam> trainer{model, {}, ln::Adam{.learning_rate = 0.01}};
    ln::FitReport report;
    std::string fault;
    int told = 0; ///< how often on_epoch was

    struct How {
        ln::Patience patience = 2;
        std::int64_t until = 1000, every = 1;
        int epochs = 7, stop_at = 0;
        bool resume = true;
    };
    Stopped(const std::string& path, How how) {
        const ln::data::Images data = made::halves(samples, 1), unseen = made::halves(10, 2);
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = how.every, .resume = how.resume}};
        Options o{.epochs = how.epochs, .batch = batch, .validation = &unseen, .patience = how.patience};
        o.schedule = [&](double rate, std::int64_t iteration) {
            if (iteration >= how.until)
                throw Interrupted{};
            return iteration < 2 * steps_an_epoch ? rate : 1.0;
        };
        o.on_epoch = [&](const ln::EpochReport& r) { return ++told, ln::stop_if(r.epoch == how.stop_at); };
        o.checkpoints = &checkpoints;
        o.progress = false;
        try {
            report = ln::fit(trainer, data, o);
        } catch (const Interrupted&) {
        } catch (const std::invalid_argument& error) {
            fault = error.what();
        }
    }
};

bool same_end(const Stopped& a, const Stopped& b) {
    return ln::save_checkpoint(a.trainer, {}) == ln::save_checkpoint(b.trainer, {}) &&
           a.report.epochs == b.report.epochs && a.report.ended == b.report.ended &&
           a.report.best_epoch == b.report.best_epoch && a.report.best == b.report.best;
}

} // namespace

TEST_CASE("patience: a run interrupted at any step ends at the same epoch, with the same bits") {
    const Scratch scratch;
    for (const ln::Patience patience : {ln::Patience{2}, {3, ln::Metric::accuracy}})
        for (const std::int64_t every : {1, 0, 4}) {
            const Stopped whole{scratch.path("whole"),
                                {.patience = patience, .every = every, .resume = false}};
            REQUIRE(whole.report.ended == ln::Ended::patience);
            REQUIRE(whole.report.epochs == whole.report.best_epoch + patience.epochs);
            for (int stop = 1; stop < whole.report.epochs * steps_an_epoch; ++stop) {
                CAPTURE(stop);
                (void)Stopped{scratch.path("run"),
                              {.patience = patience, .until = stop, .every = every, .resume = false}};
                const Stopped rest{scratch.path("run"), {.patience = patience, .every = every}};
                CHECK(same_end(rest, whole));
            }
        }
}

TEST_CASE("patience: a run that ended is not trained on when it is resumed, unless with more patience") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const Stopped first{path, {.resume = false}};
    REQUIRE(first.report.ended == ln::Ended::patience);
    const auto written = std::filesystem::last_write_time(path);
    for (const int longer : {7, 9}) {
        const Stopped again{path, {.epochs = longer}};
        CHECK(same_end(again, first));
        CHECK(again.told == 0);
        CHECK(std::filesystem::last_write_time(path) == written);
    }
    const Stopped more{path, {.patience = 3}};
    CHECK(more.told == 1);
    CHECK(same_end(more, Stopped{scratch.path("at once"), {.patience = 3, .resume = false}}));
}

TEST_CASE("stop_if: a run that ended is not trained on when it is resumed, unless for more epochs") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const Stopped first{path, {.patience = 0, .stop_at = 3, .resume = false}};
    CHECK(first.report.ended == ln::Ended::on_epoch);
    CHECK(first.report.epochs == 3);
    const Stopped again{path, {.patience = 0}};
    CHECK(same_end(again, first));
    CHECK(again.told == 0);
    const Stopped more{path, {.patience = 0, .epochs = 8}};
    CHECK(more.told == 5);
    CHECK(same_end(more, Stopped{scratch.path("at once"), {.patience = 0, .epochs = 8, .resume = false}}));
}

TEST_CASE("patience: a run that went by another figure, or kept no best parameters, is refused") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const std::string had = "fit: the run to resume ";
    (void)Stopped{path, {.until = 9, .resume = false}};
    CHECK(Stopped{path, {.patience = {2, ln::Metric::accuracy}}}.fault ==
          had + "went by the loss of the validation data, found patience on their accuracy: leave the metric "
                "out, "
                "or start anew with .resume = false");
    (void)Stopped{path, {.patience = {2, ln::Metric::accuracy}, .until = 9, .resume = false}};
    CHECK(Stopped{path, {.patience = 2}}.fault ==
          had + "had patience on the accuracy of the validation data, found none, or patience on their loss: "
                "give it the metric, or start anew with .resume = false");
    (void)Stopped{path, {.patience = 0, .until = 9, .resume = false}};
    const Stopped refused{path, {.patience = 2}};
    CHECK(refused.fault ==
          had + "had no patience, so the parameters of its best epoch are lost: leave patience "
                "out, or start anew with .resume = false");
    CHECK(same_bits(refused.model, Model{ln::seed{1}}));
    // Before an epoch was over nothing is lost.
    (void)Stopped{path, {.patience = 0, .until = 3, .resume = false}};
    CHECK(same_end(Stopped{path, {}}, Stopped{scratch.path("whole"), {.resume = false}}));
    // A run may go on without its patience, and then to its last epoch.
    (void)Stopped{path, {.until = 9, .resume = false}};
    CHECK(Stopped{path, {.patience = 0}}.report.epochs == 7);
}

TEST_CASE("best: the weights of the epoch whose validation loss was smallest, not of the last") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1), unseen = made::halves(10, 2);
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1}};
    ln::Checkpoints checkpoints{trainer, {.best = scratch.path("best")}};
    std::vector<double> losses;
    Options o{.epochs = 4, .batch = 4, .validation = &unseen, .checkpoints = &checkpoints, .progress = false};
    o.schedule = [](double, std::int64_t i) { return i < 12 ? 0.1 : 2.0; }; // the last two epochs spoil it
    o.on_epoch = [&](const ln::EpochReport& r) { losses.push_back(r.validation.loss); };
    ln::fit(trainer, data, o);
    REQUIRE(losses[3] > losses[1]);
    Model best;
    ln::load(best, scratch.path("best"));
    CHECK(ln::evaluate(best, unseen).loss == *std::min_element(losses.begin(), losses.end()));
    CHECK(std::distance(std::filesystem::directory_iterator{scratch.folder()}, {}) == 1); // no other file
}

TEST_CASE("resume: another batch, seed, l2, clip_norm, size of the data or schedule is refused, and all "
          "stays as it was") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    (void)run(ln::Adam{}, path, 8, 1, false);
    const auto fault = [&](auto change, int count = samples) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
        ln::Checkpoints checkpoints{trainer, {.last = path, .resume = true}};
        Options o = options(1000);
        o.checkpoints = &checkpoints;
        change(o);
        const Model before = model;
        try {
            ln::fit(trainer, made::halves(count, 1), o);
        } catch (const std::invalid_argument& error) {
            CHECK(std::ranges::equal(model.parameters(), before.parameters()));
            CHECK(checkpoints.position().samples == 0);
            return std::string{error.what()};
        }
        return std::string{"no fault"};
    };
    const std::string had = "fit: the run to resume had ",
                      anew = ". Set it as it was, or start anew with .resume = false";
    CHECK(fault([](Options& o) { o.batch = 5; }) == had + "batch 4, found 5" + anew);
    CHECK(fault([](Options& o) { o.seed = {8}; }) == had + "seed 7, found 8" + anew);
    CHECK(fault([](Options& o) { o.l2 = 0; }) == had + "l2 0.001, found 0" + anew);
    CHECK(fault([](Options& o) { o.clip_norm = 1; }) == had + "clip_norm none, found 1" + anew);
    CHECK(fault([](Options&) {}, 21) == had + "samples 22, found 21" + anew);
    CHECK(fault([](Options& o) { o.schedule = {}; }).find(had + "learning rate of its last step 0.00094") ==
          0);
    CHECK(fault([](Options& o) { o.epochs = 5; }) == "no fault");

    // Also where the run had not taken a step yet.
    Model model{ln::seed{1}};
    const ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    ln::save_checkpoint(trainer, {.samples = samples, .batch = batch, .seed = 8, .l2 = 1e-3}, path);
    CHECK(fault([](Options&) {}) == had + "seed 8, found 7" + anew);
    CHECK(fault([](Options& o) { o.seed = {8}; }) == "no fault");
}

TEST_CASE("resume: a file with an impossible number of epochs is refused") {
    ln::RunPosition position{.epoch = 1, .iteration = 6, .samples = 22, .batch = 4};
    const ln::RunPosition own{.samples = 22, .batch = 4, .epochs = 2};
    CHECK_NOTHROW(ln::detail::check_same_run(position, own));
    position.epochs = std::numeric_limits<std::int64_t>::max() / 2; // times 6 steps it would overflow
    CHECK_THROWS_WITH_AS(ln::detail::check_same_run(position, own),
                         "fit: the run to resume has an impossible number of epochs: 4611686018427387903",
                         std::invalid_argument);
}

TEST_CASE("checkpoints: with the largest .every there is one an epoch") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Checkpoints checkpoints{
        trainer, {.last = scratch.path("run"), .every = std::numeric_limits<std::int64_t>::max()}};
    checkpoints.save_run({.iteration = 6, .samples = 22});
    CHECK(!checkpoints.is_due({.sample = 4, .iteration = 7, .samples = 22}));
    CHECK(checkpoints.is_due({.epoch = 1, .iteration = 12, .samples = 22}));
}

TEST_CASE("resume: another optimiser's setting, or another network, is refused with the way out") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    (void)run(ln::Adam{}, path, 8, 1, false);
    const auto fault = [&](const auto& start, auto optimizer) {
        auto model = start;
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, optimizer};
        ln::Checkpoints checkpoints{trainer, {.last = path, .resume = true}};
        Options all = options(1000);
        all.checkpoints = &checkpoints;
        try {
            ln::fit(trainer, made::halves(samples, 1), all);
        } catch (const ln::format_error& error) {
            return std::string{error.what()};
        }
        return std::string{"no fault"};
    };
    CHECK(fault(Model{ln::seed{1}}, ln::Adam{.learning_rate = 0.5}) ==
          path + ": the saved run had optimizer.learning_rate 0.001, found 0.5. Set it as it was, or "
                 "start anew with .resume = false");
    using Other = ln::Model<ln::Net<ln::Conv<3, 3>, ln::ReLU, ln::Dense<2>>, ln::Shape<1, 6, 6>>;
    CHECK(fault(Other{ln::seed{1}}, ln::Adam{}) == path + ": layer 2: expected Dense<2>, found MaxPool<2,2>. "
                                                          "Set it as it was, or start anew with .resume = "
                                                          "false");
}

TEST_CASE(
    "resume: with other layers frozen than the run began with, it is refused, but on_epoch may change it") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const auto fault = [&](std::vector<const char*> frozen, std::int64_t stop, bool resume,
                           bool thaws = false) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
        for (const char* name : frozen)
            trainer.freeze(name);
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = resume}};
        Options all = options(stop);
        all.checkpoints = &checkpoints;
        if (thaws)
            all.on_epoch = [&](const ln::EpochReport&) { trainer.unfreeze("0"); };
        const FileBytes before = ln::save_checkpoint(trainer, {});
        try {
            ln::fit(trainer, made::halves(samples, 1), all);
        } catch (const Interrupted&) {
        } catch (const std::invalid_argument& error) {
            CHECK(ln::save_checkpoint(trainer, {}) == before);
            return std::string{error.what()};
        }
        return std::string{"no fault"};
    };
    const std::string began = "fit: the run to resume began with ",
                      anew = ". Freeze the same before fit (on_epoch may change it later), or start anew "
                             "with .resume = false";
    for (const int stop : {1, 4, 9}) { // at 9, on_epoch has unfrozen layer 0
        CAPTURE(stop);
        CHECK(fault({"0", "3.bias"}, stop, false, true) == "no fault");
        CHECK(fault({"0"}, 100, true) == began + "0 3.bias frozen, found 0" + anew);
        CHECK(fault({"0.weight", "3.bias"}, 100, true) ==
              began + "0 3.bias frozen, found 0.weight 3.bias" + anew);
        CHECK(fault({}, 100, true) == began + "0 3.bias frozen, found none" + anew);
        CHECK(fault({"3.bias", "0.bias", "0.weight"}, stop + 1, true, true) == "no fault");
        CHECK(fault({"3.bias"}, 100, true) == began + "0 3.bias frozen, found 3.bias" + anew);
        CHECK(fault({"0", "3.bias"}, 100, true, true) == "no fault");
    }
    CHECK(fault({}, 9, false) == "no fault");
    CHECK(fault({"3"}, 100, true) == began + "none frozen, found 3" + anew);
    CHECK(fault({"3"}, 100, false) == "no fault");
}

TEST_CASE("resume: fewer epochs than the run has begun are refused, as many are not") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const auto end = [&](int count, std::int64_t stop, bool resume) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = resume}};
        Options all = options(stop);
        all.epochs = count;
        all.checkpoints = &checkpoints;
        try {
            const ln::FitReport report = ln::fit(trainer, made::halves(samples, 1), all);
            return "ended after " + std::to_string(report.epochs);
        } catch (const Interrupted&) {
            return std::string{"interrupted"};
        } catch (const std::invalid_argument& error) {
            CHECK(same_bits(model, Model{ln::seed{1}}));
            return std::string{error.what()};
        }
    };
    const std::string is_in = "fit: the run to resume is in epoch ";
    CHECK(end(epochs, 2 * steps_an_epoch + 2, false) == "interrupted"); // in epoch 3
    for (const int fewer : {0, 1, 2})
        CHECK(end(fewer, 100, true) == is_in + "3, found .epochs = " + std::to_string(fewer) +
                                           ". Ask for at least 3, or start anew with .resume = false");
    CHECK(end(3, 100, true) == "ended after 3");
    CHECK(end(3, 18, true) == "ended after 3"); // over already: no step is taken
    CHECK(end(2, 100, true) ==
          is_in + "3, found .epochs = 2. Ask for at least 3, or start anew with .resume = false");
    CHECK(end(4, 100, true) == "ended after 4");
}

TEST_CASE("resume: of a run that is over, fit says so, and takes no step") {
    const Scratch scratch;
    const auto told = [&](int count) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
        ln::Checkpoints checkpoints{trainer, {.last = scratch.path("run"), .resume = true}};
        std::fflush(stderr);
        const int before = dup(STDERR_FILENO);
        REQUIRE(std::freopen(scratch.path("said").c_str(), "w", stderr) != nullptr);
        ln::fit(trainer, made::halves(samples, 1), {.epochs = count, .checkpoints = &checkpoints});
        std::fflush(stderr);
        dup2(before, STDERR_FILENO);
        close(before);
        std::ifstream file{scratch.path("said")};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    CHECK(told(2).find("had ended") == std::string::npos);
    CHECK(told(2) == "had ended after epoch 2; to go on, ask for more epochs than before\n");
    CHECK(told(3).find("had ended") == std::string::npos);
}

TEST_CASE("resume: other epochs, where the schedule depends on them, are refused in words") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1);
    const auto train = [&](int how_many, auto schedule, std::int64_t stop) {
        Model model{ln::seed{1}};
        ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.125}};
        ln::Checkpoints checkpoints{trainer, {.last = scratch.path("run"), .every = 1, .resume = true}};
        Options o{.epochs = how_many, .batch = batch, .checkpoints = &checkpoints, .progress = false};
        o.schedule = [&](double rate, std::int64_t iteration, std::int64_t steps) {
            if (iteration >= stop)
                throw Interrupted{};
            return schedule(rate, iteration, steps);
        };
        try {
            ln::fit(trainer, data, o);
        } catch (const std::invalid_argument& error) {
            return std::string{error.what()};
        } catch (const Interrupted&) {
        }
        return "at step " + std::to_string(checkpoints.position().iteration);
    };
    const ln::Warmup warm{.iterations = 2, .start_factor = 0.5, .then = ln::Cosine{}};
    CHECK(train(3, warm, 2) == "at step 1");
    CHECK(train(4, warm, 3) == "at step 2"); // the rates of the warm-up are the same
    CHECK(train(3, warm, 4) == "at step 3");
    CHECK(train(3, warm, 5) == "at step 4");
    CHECK(train(4, warm, 5) ==
          "fit: the run to resume was to have 3 epochs, found 4, with which the schedule gives other "
          "rates: "
          "of its last step 0.124364 instead of 0.123799. Ask for as many epochs as before, or give the "
          "schedule the number of steps it had: 18");
    const ln::Warmup told{.iterations = 2, .start_factor = 0.5, .then = ln::Cosine{.iterations = 16}};
    CHECK(train(4, told, 100) == "at step 24");
}

TEST_CASE("resume: a first step whose loss is not finite leaves the parameters of the checkpoint") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    Model model{ln::seed{1}};
    for (float& p : model.weight<3>())
        p = 3e38F;
    const Model of_file = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::save_checkpoint(trainer, {.samples = samples, .batch = batch, .seed = 7, .l2 = 1e-3}, path);
    model = Model{ln::seed{2}};
    ln::Checkpoints checkpoints{trainer, {.last = path, .resume = true}};
    Options all = options(1000);
    all.checkpoints = &checkpoints;
    CHECK_THROWS_AS(ln::fit(trainer, made::halves(samples, 1), all), ln::training_error);
    CHECK(std::ranges::equal(model.parameters(), of_file.parameters()));
}

TEST_CASE("a best model that cannot be written: position() is where the trainer is") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1);
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Checkpoints checkpoints{trainer, {.last = scratch.path("run"), .best = scratch.path("no/folder")}};
    Options all = options(1000);
    all.validation = &data;
    all.checkpoints = &checkpoints;
    CHECK_THROWS_AS(ln::fit(trainer, data, all), ln::format_error);
    CHECK(checkpoints.position().epoch == 1);
    CHECK(checkpoints.position().sample == 0);
    CHECK(checkpoints.position().iteration == steps_an_epoch);
}

TEST_CASE("resume: a damaged file is an error and not a new start, an absent one is a new start") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const FileBytes whole = run(ln::Adam{}, path, 1000, 0, true);
    CHECK(std::filesystem::exists(path));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
    CHECK_THROWS_AS((void)run(ln::Adam{}, path, 1000, 0, true), ln::format_error);
    CHECK(run(ln::Adam{}, path, 1000, 0, false) == whole);
}

TEST_CASE("checkpoints: a folder that cannot be written to is known before the first step") {
    const Scratch scratch;
    Model model{ln::seed{1}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Checkpoints checkpoints{trainer, {.last = scratch.path("absent/run")}};
    CHECK_THROWS_AS(ln::fit(trainer, made::halves(8, 1), {.checkpoints = &checkpoints, .progress = false}),
                    ln::format_error);
    CHECK(same_bits(model, before));
}

TEST_CASE("checkpoints: when the disk is full, the older one stays, and the trainer is where it stood") {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    const ln::data::Images data = made::halves(samples, 1);
    const FileBytes whole = run(ln::Adam{}, scratch.path("whole"), 1000, 0, false);
    (void)run(ln::Adam{}, path, 8, 1, false); // the checkpoint before the eighth step

    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    ln::Checkpoints checkpoints{trainer, {.last = path, .every = 1, .resume = true}};
    Options o = options(1000);
    o.checkpoints = &checkpoints;
    {
        const SmallDisk disk{100};
        CHECK_THROWS_WITH_AS(ln::fit(trainer, data, o),
                             (path + ": cannot be written: File too large").c_str(), ln::format_error);
    }
    Model older;
    ln::Trainer loaded{older, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    const ln::RunPosition kept = ln::load_checkpoint(loaded, path);
    CHECK(kept.iteration == 7);
    CHECK(checkpoints.position().iteration == 8);
    CHECK(!same_bits(older, model)); // a step further
    ln::save_checkpoint(trainer, checkpoints.position(), scratch.path("elsewhere"));
    CHECK(run(ln::Adam{}, scratch.path("elsewhere"), 1000, 1, true) == whole);
    ln::fit(trainer, data, o); // there is room again
    CHECK(ln::save_checkpoint(trainer, {}) == whole);
}

TEST_CASE("checkpoints: when one cannot be written, training can go on from where it is") {
    const Scratch scratch;
    const std::string folder = scratch.path("folder"), path = folder + "/run",
                      elsewhere = scratch.path("elsewhere");
    std::filesystem::create_directory(folder);
    const ln::data::Images data = made::halves(samples, 1);
    const FileBytes whole = run(ln::Adam{}, scratch.path("whole"), 1000, 0, false);

    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    ln::Checkpoints checkpoints{trainer, {.last = path, .every = 4}};
    Options o = options(1000);
    o.checkpoints = &checkpoints;
    o.schedule = [&](double rate, std::int64_t iteration) {
        if (iteration == 6)
            std::filesystem::remove_all(folder);
        return ln::Cosine{.iterations = 40}(rate, iteration);
    };
    CHECK_THROWS_AS(ln::fit(trainer, data, o), ln::format_error);
    CHECK(checkpoints.position().iteration > 4);
    ln::save_checkpoint(trainer, checkpoints.position(), elsewhere);
    CHECK(run(ln::Adam{}, elsewhere, 1000, 4, true) == whole);
}

TEST_CASE("checkpoints: those of another trainer are refused, and nothing is touched") {
    const Scratch scratch;
    const ln::data::Images data = made::halves(samples, 1);
    Model model{ln::seed{1}}, other{ln::seed{2}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Trainer elsewhere{other, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::Checkpoints checkpoints{elsewhere, {.last = scratch.path("last")}};
    CHECK_THROWS_WITH_AS(ln::fit(trainer, data, {.checkpoints = &checkpoints, .progress = false}),
                         "fit: its checkpoints keep another trainer than the one it trains",
                         std::invalid_argument);
    CHECK(!std::filesystem::exists(scratch.path("last")));
    CHECK(same_bits(model, before));
}
