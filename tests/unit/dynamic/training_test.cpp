// fit, evaluate, save, load and checkpoints of a run-time network.
#include "../../laws/allocations.hpp"
#include "../io/made_training.hpp"
#include "compiled_once.hpp"

#include <lamina/core.hpp>
#include <lamina/data/split.hpp>
#include <lamina/dynamic/load.hpp>
#include <lamina/dynamic/trainer.hpp>
#include <lamina/dynamic/twin.hpp>
#include <lamina/io/checkpoints.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/losses/losses.hpp>
#include <lamina/train/fit.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>
#include <sstream>
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

/// Needs the whole batch, and has names of two levels. It has no layer whose twin adds in another order: a
/// convolution's gradient of its input, and a convolution with a max pool.
using Branched = ln::Model<
    ln::Net<ln::Named<"stem", ln::Net<ln::Conv<6, 3, 2>, ln::BatchNorm<>, ln::ReLU>>, ln::Dense<40>,
            ln::Residual<ln::BatchNorm<>, ln::ReLU, ln::Dropout<20>, ln::Dense<40>>, ln::GELU, ln::Dense<3>>,
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

/// The same where all sums are taken in one order: with batch norm, dropout and a residual sum, the bits are
/// the same.
template <class Optimizer>
void check_bits(Optimizer optimizer, int threads) {
    const auto model = std::make_unique<Branched>(ln::seed{8});
    const auto memory = std::make_unique<ln::TrainingMemory<Branched, Optimizer>>();
    dynamic::Network net = dynamic::twin(*model);
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, optimizer, *memory};
    ln::Trainer twin{net, ln::SoftmaxCrossEntropy{}, optimizer};
    CHECK(run(trainer, threads) == run(twin, threads));
    CHECK(same_numbers(*model, net));
    CHECK(std::ranges::equal(trainer.gradients(), twin.gradients()));
    const ln::Metrics a = ln::evaluate(*model, made_images()), b = ln::evaluate(net, made_images());
    CHECK(a.loss == b.loss);
    CHECK(to_string(a.confusion) == to_string(b.confusion));
    CHECK(ln::save(*model) == ln::save(net));
    CHECK(ln::save_checkpoint(trainer, {}) == ln::save_checkpoint(twin, {}));
}

} // namespace

TEST_CASE("dynamic: fit trains a network as its model, with the same bits for any number of threads") {
    check_fit(ln::SGD{.learning_rate = 0.1, .momentum = 0.9}, true);
    check_fit(made::Tiring{.learning_rate = 0.01}, false);
}

TEST_CASE("dynamic: fit of a network with batch norm, dropout and a sum gives the bits of its model's") {
    check_bits(ln::AdamW{.learning_rate = 0.01}, 1);
    check_bits(ln::AdamW{.learning_rate = 0.01}, 2);
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
    dynamic::Network whole = dynamic::twin(Branched{ln::seed{4}}),
                     parts = dynamic::twin(Branched{ln::seed{4}});
    train(whole, 4, false);
    train(parts, 2, false);
    parts.initialize(ln::seed{99});
    train(parts, 4, true);
    CHECK(same_numbers(parts, whole));
    ln::Model<ln::Net<ln::Dense<3>>, Chain::input_shape> other{ln::seed{1}};
    dynamic::Network of_other = dynamic::twin(other);
    CHECK_THROWS_WITH_AS(train(of_other, 4, true),
                         "dynamic_run.checkpoint: layer 0: expected Dense<3>, found Conv<6,3,2>. Set it as "
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
    std::stringstream stream;
    ln::save(net, stream);
    net.initialize(ln::seed{7});
    ln::load(net, stream);
    CHECK(same_numbers(net, model));

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

TEST_CASE("dynamic: a network is made from a file alone, with the names and numbers of its model") {
    const std::string path = "dynamic_load.safetensors";
    Branched model{ln::seed{5}};
    for (float& x : model.numbers().subspan(Branched::parameter_extent))
        x += 0.25F; // tensors that are kept
    std::vector<Branched::Input> tests(2);
    for (int i = 0; i < 128; ++i)
        tests[1][i] = static_cast<float>(i) * 0.01F;
    ln::save(model, path, tests);
    dynamic::Network net = dynamic::load(path);
    CHECK(std::string_view{net.tensors()[0].name} == "stem.0.weight");
    std::vector<float> inputs(128);
    inputs.insert(inputs.end(), tests[1].begin(), tests[1].end());
    const auto y = model.forward(tests[1]);
    const auto twin_y = net.forward(std::span<const float>{inputs}.last(128));
    for (int i = 0; i < 3; ++i)
        CHECK(twin_y[static_cast<std::size_t>(i)] == doctest::Approx(y[i]).epsilon(1e-5)); // float
    CHECK(ln::save(net) == ln::save(model));

    ln::save(model, path, {.rename = {{"backbone", "stem"}}});
    CHECK(std::string_view{dynamic::load(path).tensors()[1].name} == "backbone.0.bias");
    CHECK(std::string_view{dynamic::load(path, {.rename = {{"backbone", "stem"}}}).tensors()[1].name} ==
          "stem.0.bias");
    ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    ln::save_checkpoint(trainer, {}, path);
    CHECK_THROWS_WITH_AS(
        (void)dynamic::load(path),
        "dynamic_load.safetensors: expected 16 tensors, as the topology in its metadata has, "
        "found 17",
        ln::format_error);
    CHECK(same_numbers(dynamic::load(path, {.ignore = {"optimizer.*"}}), net));
    std::remove(path.c_str());
    CHECK_THROWS_AS((void)dynamic::load(path), ln::format_error);
}

TEST_CASE("dynamic: a network with several outputs takes Losses, and says what does not go with them") {
    using Player = ln::Model<
        ln::Net<ln::Dense<32>, ln::ReLU, ln::Outputs<ln::Dense<9>, ln::Net<ln::Dense<1>, ln::Sigmoid>>>,
        ln::Shape<18>>;
    Player model{ln::seed{3}};
    dynamic::Network net = dynamic::twin(model);
    std::vector<Player::Input> boards(50);
    std::vector<Player::Output> targets(50);
    ln::Random random{ln::seed{5}};
    for (std::size_t i = 0; i < 50; ++i) {
        for (float& x : boards[i])
            x = static_cast<float>(random.symmetric());
        Player::head<0>(targets[i])[static_cast<int>(i % 9)] = 1;
        Player::head<1>(targets[i])[0] = boards[i][0];
    }
    const ln::Losses losses = ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}.weighted(1, 0.25);
    const ln::data::Samples data{boards, targets};
    ln::Trainer trainer{model, losses, ln::Adam{}};
    ln::Trainer twin{net, losses, ln::Adam{}};
    ln::fit(trainer, data, {.epochs = 3, .progress = false});
    ln::fit(twin, data, {.epochs = 3, .progress = false});
    CHECK(same_numbers(model, net));
    const ln::Metrics a = ln::evaluate(model, data, losses), b = ln::evaluate(net, data, losses);
    CHECK(a.loss == b.loss);
    CHECK(a.accuracy == b.accuracy);
    CHECK(b.confusion.classes() == 9);
    const auto message = [&](auto loss) {
        try {
            ln::Trainer refused{net, loss, ln::SGD{}};
        } catch (const ln::shape_error& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    CHECK(message(ln::MeanSquaredError{}) ==
          "Trainer: a network with 2 outputs needs a loss for each of them, in their order: "
          "ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}");
    CHECK(message(ln::Losses{ln::MeanSquaredError{}}) ==
          "Trainer: expected Losses of a loss for each of 2 outputs, in their order, found 1");
    CHECK(message(ln::Losses{ln::MeanSquaredError{}, ln::BinaryCrossEntropy{}}) ==
          "Trainer, head 1: the loss does not go with outputs of 1, which Sigmoid computes: this loss takes "
          "logits and computes the sigmoid itself: leave the last Sigmoid or Softmax out, or take another "
          "loss, "
          "such as MeanSquaredError");
    const std::vector<int> labels(50);
    CHECK_THROWS_WITH_AS(ln::fit(twin, ln::data::Samples{boards, labels}, {.progress = false}),
                         "a label is the target of one output: for a network with 2 outputs, the data have "
                         "targets, those of all outputs one behind the other",
                         ln::data_error);
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
    const auto images = made_images();
    std::vector<std::uint32_t> batch(50);
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i] = static_cast<std::uint32_t>(i);
    std::vector<dynamic::Network> networks{dynamic::twin(Chain{ln::seed{1}}),
                                           dynamic::twin(Branched{ln::seed{1}})};
    for (dynamic::Network& net : networks) {
        ln::Trainer trainer{net, ln::SoftmaxCrossEntropy{}, ln::Adam{}};
        ln::Team<dynamic::Network> team{2};
        trainer.loss_and_gradient(images, batch, 0,
                                  team); // makes the memory of the threads, and of the batch
        const std::size_t before = laws::allocations();
        trainer.step(images, batch);
        trainer.loss_and_gradient(images, batch, 0, team);
        CHECK(laws::allocations() - before == 0);
    }
}
