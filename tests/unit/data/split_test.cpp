#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/data/split.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

// A padded convolution first: inputs have a halo.
using Model = ln::Model<ln::Net<ln::Conv<2, 3, 1, 1>, ln::Dense<2>>, ln::Shape<1, 3, 4>>;
using Samples = ln::data::Samples<float, Model::input_shape, int>;

/// Input s is s everywhere; its label is 1 for odd ones.
struct Made {
    explicit Made(int count) : inputs(static_cast<std::size_t>(count)), labels(inputs.size()) {
        for (int s = 0; s < count; ++s) {
            for (float& x : inputs[static_cast<std::size_t>(s)])
                x = static_cast<float>(s) / static_cast<float>(count);
            labels[static_cast<std::size_t>(s)] = s % 2;
        }
    }

    std::vector<Model::Input> inputs;
    std::vector<int> labels;
    Samples samples{inputs, labels};
};

std::vector<std::uint32_t> list(std::span<const std::uint32_t> indices) {
    return {indices.begin(), indices.end()};
}

/// Mirrors half of the images, and notes the epochs it is asked for.
struct Mirrored : ln::data::Over<Samples> {
    using Over::Over;
    mutable std::vector<int> epochs{};

    void training_inputs(const auto& indices, auto x, int epoch) const {
        inputs(indices, x);
        if (epochs.empty() || epochs.back() != epoch)
            epochs.push_back(epoch);
        int lane = 0;
        for (const std::uint32_t sample : indices) {
            if (ln::Random{ln::seed{3}, epoch, sample}.below(2) == 1)
                for (int row = 0; row < 3; ++row)
                    for (int left = 0; left < 2; ++left) {
                        const float other = x(0, row, 3 - left)[lane];
                        x(0, row, 3 - left).set(lane, x(0, row, left)[lane] + 1);
                        x(0, row, left).set(lane, other);
                    }
            ++lane;
        }
    }
};

/// Notes nothing, since several threads call it.
struct Quiet : ln::data::Over<Samples> {
    using Over::Over;
    void training_inputs(const auto& indices, auto x, int epoch) const {
        inputs(indices, x);
        int lane = 0;
        for (const std::uint32_t sample : indices)
            x(0, 1, 1).set(lane++, static_cast<float>(ln::Random{ln::seed{1}, epoch, sample}.symmetric()));
    }
};

/// The parameters after training.
template <class Data>
std::vector<float> trained(const Data& data, const ln::FitOptions<Data>& options) {
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05}};
    ln::fit(trainer, data, options);
    return {model.parameters().begin(), model.parameters().end()};
}

} // namespace

TEST_CASE("split: every sample is in one part, which the seed decides, alike on every machine") {
    const Made made{10};
    const auto parts = ln::data::split(made.samples, 0.3, ln::seed{1});
    CHECK(list(parts.train.indices()) == std::vector<std::uint32_t>{9, 0, 1, 4, 8, 2, 3});
    CHECK(list(parts.validation.indices()) == std::vector<std::uint32_t>{7, 6, 5});
    const auto others = ln::data::split(made.samples, 0.3, ln::seed{2});
    CHECK(list(others.validation.indices()) != list(parts.validation.indices()));
    std::vector<std::uint32_t> all = list(others.train.indices());
    all.insert(all.end(), others.validation.indices().begin(), others.validation.indices().end());
    std::sort(all.begin(), all.end());
    for (std::uint32_t i = 0; i < 10; ++i)
        CHECK(all[i] == i);
    CHECK(ln::data::split(made.samples, 0.25).validation.size() == 3); // 2.5, rounded
}

TEST_CASE("split: a share outside (0, 1), or that leaves a part empty, is a data_error") {
    const Made made{10};
    for (const double share : {0.0, 1.0, -0.1, 1.5})
        CHECK_THROWS_AS((void)ln::data::split(made.samples, share), ln::data_error);
    CHECK_THROWS_WITH_AS((void)ln::data::split(made.samples, 1.5),
                         "split: expected a share for validation between 0 and 1, found 1.5", ln::data_error);
    CHECK_THROWS_AS((void)ln::data::split(made.samples, std::nan("")), ln::data_error);
    CHECK_THROWS_WITH_AS(
        (void)ln::data::split(made.samples, 0.04),
        "split: expected samples for training and for validation, found 10 and 0 for a share of "
        "0.04 of 10",
        ln::data_error);
    CHECK_THROWS_AS((void)ln::data::split(made.samples, 0.96), ln::data_error);
    const Made one{1};
    CHECK_THROWS_AS((void)ln::data::split(one.samples, 0.5), ln::data_error);
}

TEST_CASE("subset: samples have the inputs, targets and labels they have in the data") {
    const Made made{9};
    const ln::data::Subset some{made.samples, {7, 2}};
    CHECK(some.size() == 2);
    CHECK(some.label(0) == 1);
    CHECK(&some.input(1) == &made.inputs[2]);
    std::uint32_t indices[static_cast<std::size_t>(ln::native_lanes<float>)] = {};
    for (std::size_t r = 0; r < std::size_t{ln::native_lanes<float>}; ++r)
        indices[r] = r % 2;
    ln::Tensor<ln::pack<float>, Model::input_shape> x;
    ln::Tensor<ln::pack<float>, Model::output_shape> t;
    some.inputs(indices, x.view());
    some.targets(indices, t.view());
    for (int r = 0; r < ln::native_lanes<float>; ++r) {
        CHECK(x[5][r] == made.inputs[r % 2 == 0 ? 7 : 2][5]);
        CHECK(t[1][r] == (r % 2 == 0 ? 1.0F : 0.0F));
    }
    CHECK_THROWS_WITH_AS((ln::data::Subset{made.samples, {3, 9}}),
                         "subset: expected samples below 9, found sample 9", ln::data_error);
    if (ln::checks_indices)
        CHECK_THROWS_AS((void)some.label(2), std::out_of_range);
}

TEST_CASE("subset: a label that does not fit is named by its place in the data, and by their source") {
    Model model{ln::seed{1}};
    const ln::data::Images images{"digits", {1, 3, 4}, std::vector<std::uint8_t>(48), {0, 1, 5, 0}};
    const ln::data::Subset bad{images, {0, 2}}, sound{images, {0, 1}};
    const std::string message =
        "digits: the model has 2 outputs, so labels from 0 to 1 are expected; image 2 of the "
        "original data has label 5";
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, bad), message.c_str(), ln::data_error);
    const ln::data::Subset of_subset{bad, {1}};
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, of_subset), message.c_str(), ln::data_error);
    CHECK(ln::evaluate(model, sound).samples == 2);
    const ln::data::Images small{"small", {1, 2, 2}, std::vector<std::uint8_t>(8), {0, 1}};
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, ln::data::Subset<ln::data::Images>{small, {1}}),
                         "small: the model expects images of 1x3x4, found 1x2x2", ln::data_error);
}

TEST_CASE("subset: of the samples with a label that does not fit, the first in the data is named") {
    Made made{9};
    made.labels[5] = 7;
    made.labels[2] = -1;
    const ln::data::Subset part{made.samples, {5, 2, 0}}, alike{made.samples, {0, 1, 2}};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::string message = "the model has 2 outputs, so labels from 0 to 1 are expected; sample 2";
    CHECK_THROWS_WITH_AS(ln::fit(trainer, part), (message + " of the original data has label -1").c_str(),
                         ln::data_error);
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, alike), (message + " has label -1").c_str(),
                         ln::data_error);
    const ln::data::Subset of_part{part, {1, 0}};
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, of_part),
                         (message + " of the original data has label -1").c_str(), ln::data_error);
}

TEST_CASE("fit on the parts of a split is fit on such samples, with the same bits") {
    const Made made{50};
    const auto parts = ln::data::split(made.samples, 0.2, ln::seed{1});
    std::vector<Model::Input> inputs;
    std::vector<int> labels;
    for (const std::uint32_t i : parts.train.indices()) {
        inputs.push_back(made.inputs[i]);
        labels.push_back(made.labels[i]);
    }
    const Samples alone{inputs, labels};
    double validation = 0;
    const auto of_parts =
        trained(parts.train, {.epochs = 2,
                              .batch = 7,
                              .validation = &parts.validation,
                              .on_epoch = [&](const ln::EpochReport& r) { validation = r.validation.loss; },
                              .progress = false});
    CHECK(of_parts == trained(alone, {.epochs = 2, .batch = 7, .progress = false}));
    CHECK(validation > 0);
}

TEST_CASE("augmentation: fit tells the epoch, evaluate sees the data as they are") {
    const Made made{40};
    const Mirrored mirrored{made.samples};
    const auto with =
        trained(mirrored, {.epochs = 3, .batch = 8, .validation = &mirrored, .progress = false});
    CHECK(mirrored.epochs == std::vector<int>{1, 2, 3});
    CHECK(with != trained(made.samples, {.epochs = 3, .batch = 8, .progress = false}));
    Model model{ln::seed{4}};
    CHECK(ln::evaluate(model, mirrored).loss == ln::evaluate(model, made.samples).loss);

    // A part of augmented data, and augmented data over a part, see each sample under its own number.
    const auto parts = ln::data::split(mirrored, 0.25, ln::seed{1});
    const auto of_part = trained(parts.train, {.epochs = 2, .batch = 8, .progress = false});
    CHECK(of_part != trained(ln::data::Subset{made.samples, list(parts.train.indices())},
                             {.epochs = 2, .batch = 8, .progress = false}));
}

namespace {

/// Keeps a run in memory after `most` steps, and stops it.
template <class Trainer>
struct Interruption : ln::RunSaver {
    explicit Interruption(Trainer& trainer)
        : trainer_{&trainer}, model{trainer.model()}, state{trainer.state()} {}
    struct Stopped {};

    const void* trainer() const noexcept override { return trainer_; }
    ln::RunPosition restore(const ln::PositionCheck& inspect) override {
        if (position.samples > 0) {
            inspect(position);
            trainer_->model() = model;
            trainer_->state() = state;
        }
        return position;
    }
    bool is_due(const ln::RunPosition& now) const noexcept override { return now.iteration == most; }
    void save_run(const ln::RunPosition& now) override {
        position = now;
        model = trainer_->model();
        state = trainer_->state();
        throw Stopped{};
    }
    void save_best(const ln::RunPosition&) override {}

    Trainer* trainer_;
    Model model;
    std::remove_cvref_t<decltype(std::declval<Trainer&>().state())> state;
    ln::RunPosition position{};
    std::int64_t most = 7;
};

} // namespace

TEST_CASE("augmentation: a run on a part of augmented data that is resumed ends with the same bits") {
    const Made made{40};
    const Mirrored mirrored{made.samples};
    const auto parts = ln::data::split(mirrored, 0.25, ln::seed{1}); // 30 samples, 4 steps an epoch
    const auto whole = trained(parts.train, {.epochs = 3, .batch = 8, .progress = false});
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05}};
    Interruption kept{trainer};
    ln::FitOptions<ln::data::Subset<Mirrored>> options{.epochs = 3, .batch = 8, .progress = false};
    options.checkpoints = &kept;
    CHECK_THROWS_AS(ln::fit(trainer, parts.train, options), Interruption<decltype(trainer)>::Stopped);
    CHECK(kept.position.epoch == 1);
    kept.most = -1;
    model = Model{};
    ln::fit(trainer, parts.train, options);
    CHECK(whole == std::vector<float>(model.parameters().begin(), model.parameters().end()));
}

TEST_CASE("augmentation: a training loop of one's own says which epoch it is") {
    const Made made{20};
    const Mirrored mirrored{made.samples};
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const std::uint32_t samples[] = {1, 5, 9, 19};
    const float plain = trainer.loss_and_gradient(mirrored, samples);
    CHECK(plain == trainer.loss_and_gradient(made.samples, samples));
    const float first = trainer.loss_and_gradient(ln::data::InEpoch{mirrored, 1}, samples);
    CHECK(first != plain);
    CHECK(first == trainer.loss_and_gradient(ln::data::InEpoch{mirrored, 1}, samples));
    CHECK(first != trainer.loss_and_gradient(ln::data::InEpoch{mirrored, 2}, samples));
}

#if defined(_OPENMP)
TEST_CASE("augmentation: the same bits for any number of threads") {
    const Made made{60};
    const Quiet noisy{made.samples};
    const auto one = trained(noisy, {.epochs = 2, .batch = 40, .progress = false});
    CHECK(one == trained(noisy, {.epochs = 2, .batch = 40, .threads = 2, .progress = false}));
    CHECK(one != trained(made.samples, {.epochs = 2, .batch = 40, .progress = false}));
}
#endif
