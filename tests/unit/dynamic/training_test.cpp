// fit, evaluate, save, load and checkpoints of a run-time network.
#include "../../laws/allocations.hpp"
#include "../io/made_training.hpp"

#include <lamina/core.hpp>
#include <lamina/data/split.hpp>
#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>
#include <lamina/io/checkpoints.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace ln = lamina;
namespace dynamic = lamina::dynamic;

namespace {

/// With tensors of more than 256 elements, and of a number that is no multiple of it.
using Chain = ln::Model<
    ln::Net<ln::Conv<4, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<70>, ln::Tanh, ln::Dense<3>>,
    ln::Shape<2, 8, 8>>;

[[nodiscard]] ln::data::Images made_images() {
    ln::Random random{ln::seed{11}};
    std::vector<std::uint8_t> pixels(std::size_t{90} * 128), labels(90);
    for (std::uint8_t& p : pixels)
        p = static_cast<std::uint8_t>(random.below(256));
    for (std::uint8_t& l : labels)
        l = static_cast<std::uint8_t>(random.below(3));
    return {"made", {2, 8, 8}, std::move(pixels), std::move(labels)};
}

[[nodiscard]] bool same_numbers(const auto& a, const auto& b) {
    return std::ranges::equal(a.numbers(), b.numbers());
}

/// 20 steps of fit, with all that it can do. Returns losses and validation figures of the epochs.
[[nodiscard]] std::vector<double> run(auto& trainer, int threads) {
    const auto images = made_images();
    const auto parts = ln::data::split(images, 0.1);
    std::vector<double> figures;
    const auto note = [&](const ln::EpochReport& r) {
        for (const double figure : {r.loss, r.validation.loss, r.validation.accuracy})
            figures.push_back(figure);
    };
    const ln::FitReport report = ln::fit(trainer, parts.train,
                                         {.epochs = 5,
                                          .batch = 22,
                                          .seed = {3},
                                          .threads = threads,
                                          .schedule = ln::Cosine{},
                                          .l2 = 1e-4,
                                          .clip_norm = 1,
                                          .validation = &parts.validation,
                                          .patience = 4,
                                          .on_epoch = note,
                                          .progress = false});
    figures.push_back(report.best_epoch);
    return figures;
}

/// Trains a model and its twin, frozen in part, with one thread and with two.
template <class Optimizer>
void check_fit(Optimizer optimizer, bool freezes) {
    const ln::SoftmaxCrossEntropy loss{.label_smoothing = 0.1};
    Chain model{ln::seed{8}};
    dynamic::Network net = dynamic::twin(model), of_two_threads = dynamic::twin(model);
    ln::Trainer trainer{model, loss, optimizer};
    ln::Trainer twin{net, loss, optimizer}, second{of_two_threads, loss, optimizer};
    if constexpr (ln::detail::MovesTensors<Optimizer, float>)
        if (freezes) {
            trainer.freeze("0.bias");
            twin.freeze("0.bias");
            second.freeze("0.bias");
        }
    const std::vector<double> expected = run(trainer, 1), found = run(twin, 1);
    CHECK(found == run(second, 2));
    CHECK(same_numbers(net, of_two_threads));
    for (std::size_t i = 0; i < expected.size(); ++i)
        CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-4)); // sums are taken in another order
    for (std::size_t i = 0; i < net.numbers().size(); ++i)
        CHECK(std::abs(net.numbers()[i] - model.numbers()[i]) < 1e-3F);
    // A checkpoint of the same numbers has the same bytes, and each loads that of the other.
    ln::load_checkpoint(twin, ln::save_checkpoint(trainer, {}));
    CHECK(same_numbers(net, model));
    CHECK(ln::save_checkpoint(trainer, {}) == ln::save_checkpoint(twin, {}));
    ln::load_checkpoint(trainer, ln::save_checkpoint(second, {}));
    CHECK(ln::save_checkpoint(trainer, {}) == ln::save_checkpoint(second, {}));
}

} // namespace

TEST_CASE("dynamic: fit trains a network as its model, with the same bits for any number of threads") {
    check_fit(ln::SGD{.learning_rate = 0.1, .momentum = 0.9}, false);
    check_fit(ln::AdamW{.learning_rate = 0.01, .epsilon = 1e-2}, true);
    check_fit(made::Tiring{.learning_rate = 0.01}, false);
}

TEST_CASE("dynamic: a run of a network that was interrupted goes on with the same bits") {
    const auto images = made_images();
    const std::string path = "dynamic_run.checkpoint";
    const auto train = [&](dynamic::Network& net, int epochs, bool resume) {
        ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.01}};
        ln::Checkpoints checkpoints{trainer, {.last = path, .every = 3, .resume = resume}};
        ln::fit(trainer, images,
                {.epochs = epochs,
                 .batch = 25,
                 .validation = &images,
                 .checkpoints = &checkpoints,
                 .progress = false});
    };
    dynamic::Network whole = dynamic::twin(Chain{ln::seed{4}}), parts = dynamic::twin(Chain{ln::seed{4}});
    train(whole, 4, false);
    train(parts, 2, false);
    parts.initialize(ln::seed{99});
    train(parts, 4, true);
    CHECK(same_numbers(parts, whole));
    ln::Model<ln::Net<ln::Dense<3>>, Chain::input_shape> other{ln::seed{1}};
    dynamic::Network of_other = dynamic::twin(other);
    CHECK_THROWS_WITH_AS(train(of_other, 4, true),
                         "dynamic_run.checkpoint: layer 0: expected Dense<3>, found Conv<4,3,1,1>. Set it as "
                         "it was, or start anew with .resume = false",
                         ln::format_error);
    std::remove(path.c_str());
}

TEST_CASE("dynamic: files of a network are those of its model") {
    Chain model{ln::seed{5}};
    dynamic::Network net = dynamic::twin(model);
    CHECK(ln::save(net) == ln::save(model));
    const ln::SaveOptions renamed{.rename = {{"features.0", "0"}}};
    CHECK(ln::save(net, renamed) == ln::save(model, renamed));
    net.initialize(ln::seed{6});
    ln::load(net, ln::save(model));
    CHECK(same_numbers(net, model));
    net.initialize(ln::seed{6});
    ln::load(net, ln::save(model, renamed), {.rename = {{"features.0", "0"}}});
    CHECK(same_numbers(net, model));
    ln::load(model, ln::save(net));

    // Test vectors are stored and checked.
    std::vector<float> inputs(256);
    for (std::size_t i = 0; i < inputs.size(); ++i)
        inputs[i] = static_cast<float>(i % 7) * 0.1F;
    auto bytes = ln::save(net, inputs);
    ln::load(net, bytes);
    ln::load(model, bytes);
    CHECK_THROWS_WITH_AS((void)ln::save(net, std::span<const float>{inputs}.first(129)),
                         "model: expected test inputs of 128 numbers each, found 129 numbers",
                         ln::data_error);
    const dynamic::Network before = net;
    const std::string path = "dynamic_network.safetensors";
    ln::save(net, path, inputs);
    ln::load(net, path);
    std::remove(path.c_str());
    CHECK_THROWS_WITH_AS(ln::load(net, std::span<const std::byte>{bytes}.first(7)),
                         "safetensors bytes: expected the 8 bytes of a header's length, found 7 bytes in all",
                         ln::format_error);
    bytes.back() ^= std::byte{1}; // the last test output
    CHECK_THROWS_AS(ln::load(net, bytes), ln::format_error);
    CHECK(same_numbers(net, before));
    ln::Model<ln::Net<ln::Dense<3>>, Chain::input_shape> other{ln::seed{1}};
    CHECK_THROWS_WITH_AS(ln::load(net, ln::save(other)),
                         "safetensors bytes: layer 0: expected Conv<4,3,1,1>, found Dense<3>",
                         ln::format_error);
}

TEST_CASE("dynamic: evaluate gives the figures of the model, by the loss that its outputs tell") {
    const auto images = made_images();
    const Chain model{ln::seed{2}};
    const dynamic::Network net = dynamic::twin(model);
    const ln::Metrics a = ln::evaluate(model, images), b = ln::evaluate(net, images);
    CHECK(b.loss == doctest::Approx(a.loss).epsilon(1e-5)); // float
    CHECK(b.accuracy == a.accuracy);
    CHECK(to_string(b.confusion) == to_string(a.confusion));
    const ln::Metrics c = ln::evaluate(net, images, ln::SoftmaxCrossEntropy{}, 2);
    CHECK(b.loss == c.loss);

    std::vector<Chain::Input> inputs;
    std::vector<int> yes_or_no;
    for (std::size_t i = 0; i < images.size(); ++i) {
        inputs.push_back(images.image(i));
        yes_or_no.push_back(images.label(i) == 1 ? 1 : 0);
    }
    using One = ln::Model<ln::Net<ln::Dense<1>>, Chain::input_shape>;
    const One line{ln::seed{1}};
    const dynamic::Network twin = dynamic::twin(line);
    const ln::data::Samples data{inputs, yes_or_no};
    const ln::Metrics d = ln::evaluate(line, data), e = ln::evaluate(twin, data);
    CHECK(e.loss == doctest::Approx(d.loss).epsilon(1e-5)); // float
    CHECK(e.accuracy == d.accuracy);
    CHECK(e.confusion.classes() == 2);
    const std::vector<One::Output> targets(inputs.size(), One::Output{{0.5F}});
    const ln::data::Samples regression{inputs, targets};
    CHECK(std::isnan(ln::evaluate(twin, regression, ln::MeanSquaredError{}).accuracy));

    using Probabilities = ln::Model<ln::Net<ln::Dense<3>, ln::Softmax>, Chain::input_shape>;
    CHECK_THROWS_WITH_AS(
        (void)ln::evaluate(dynamic::twin(Probabilities{ln::seed{1}}), images),
        "evaluate: the loss does not go with outputs of 3, which Softmax computes: this loss takes scores "
        "and "
        "computes the softmax itself: leave the Softmax out, or take another loss, such as MeanSquaredError",
        ln::shape_error);
    CHECK_THROWS_WITH_AS((void)ln::evaluate(net, images, ln::SoftmaxCrossEntropy{}, 0),
                         "threads must be at least 1, found 0", std::invalid_argument);
}

TEST_CASE("dynamic: fit says what is wrong as it does for a model, and leaves the last good network") {
    const auto images = made_images();
    dynamic::Network net = dynamic::twin(Chain{ln::seed{1}});
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const ln::data::Images small{"small", {1, 2, 2}, std::vector<std::uint8_t>(8), {0, 1}};
    CHECK_THROWS_WITH_AS(ln::fit(trainer, small, {.progress = false}),
                         "small: the model expects images of 2x8x8, found 1x2x2", ln::data_error);
    const ln::data::Images labels{"labels", {2, 8, 8}, std::vector<std::uint8_t>(256), {0, 3}};
    const ln::data::Subset some{labels, {1}};
    for (const std::string& message : {std::string{
             "labels: the model has 3 outputs, so labels from 0 to 2 are expected; image 1 has label 3. "
             "Labels count from 0: if yours begin at 1, subtract 1"}}) {
        CHECK_THROWS_WITH_AS(ln::fit(trainer, labels, {.progress = false}), message.c_str(), ln::data_error);
        CHECK_THROWS_AS(ln::fit(trainer, some, {.progress = false}), ln::data_error);
    }
    CHECK_THROWS_WITH_AS(ln::fit(trainer, images, {.batch = 0, .progress = false}),
                         "fit: epochs must be at least 0 and batch at least 1, found epochs 1 and batch 0",
                         std::invalid_argument);
    CHECK_THROWS_AS(ln::fit(trainer, images, {.threads = 0, .progress = false}), std::invalid_argument);

    std::vector<Chain::Input> inputs(60);
    const std::vector<Chain::Output> targets(60);
    inputs[7][0] = std::numeric_limits<float>::infinity();
    ln::Trainer regression{net, ln::MeanSquaredError{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(
        ln::fit(regression, ln::data::Samples{inputs, targets}, {.batch = 60, .progress = false}),
        "the loss or a parameter is no longer finite in epoch 1, step 1 (learning rate 0.01); the model "
        "keeps "
        "its last good parameters. In this step, sample 7 has an input that is not finite",
        ln::training_error);
    inputs[7][0] = 1;
    ln::Trainer far{net, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 1e30}};
    CHECK_THROWS_AS(ln::fit(far, ln::data::Samples{inputs, targets}, {.epochs = 9, .progress = false}),
                    ln::training_error);
    CHECK(ln::all_finite(net.numbers().data(), net.extent()));
}

TEST_CASE("dynamic: steps of a network with a team of threads allocate nothing") {
    dynamic::Network net = dynamic::twin(Chain{ln::seed{1}});
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
    const auto images = made_images();
    std::vector<std::uint32_t> batch(50);
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i] = static_cast<std::uint32_t>(i);
    ln::Team<dynamic::Network> team{2};
    trainer.loss_and_gradient(images, batch, 0, team); // makes the memory of the threads
    const std::size_t before = laws::allocations();
    trainer.step(images, batch);
    trainer.loss_and_gradient(images, batch, 0, team);
    CHECK(laws::allocations() - before == 0);
}
