#include <lamina/io/checkpoint.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/dc.hpp>
#include <lamina/losses/esr.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/loss_sum.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/weighted_cross_entropy.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/adamw.hpp>
#include <lamina/optimizers/sgd.hpp>

#include "made_training.hpp"
#include "stored_file.hpp"
#include "unit/files/scratch.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>
#include <string>
#include <sys/resource.h>

namespace ln = lamina;

namespace {

using made::Model;

template <class Optimizer>
using TrainerOf = ln::Trainer<Model, ln::SoftmaxCrossEntropy, Optimizer>;

constexpr ln::SGD sgd{.learning_rate = 0.1, .momentum = 0.9};

/// A model and a trainer that have taken some steps.
template <class Optimizer>
struct Trained {
    Model model{ln::seed{1}};
    TrainerOf<Optimizer> trainer;

    explicit Trained(Optimizer optimizer, int steps = 3)
        : trainer{model, ln::SoftmaxCrossEntropy{}, optimizer} {
        const ln::data::Images data = made::halves(8, 1);
        const std::uint32_t all[] = {0, 1, 2, 3, 4, 5, 6, 7};
        for (int i = 0; i < steps; ++i)
            trainer.step(data, all);
    }
};

template <class A, class B>
bool same_state(const A& a, const B& b) {
    return ln::save_checkpoint(a.trainer, {}) == ln::save_checkpoint(b.trainer, {});
}

const ln::RunPosition somewhere{.epoch = 2,
                                .sample = 16,
                                .iteration = 7,
                                .loss_sum = 0.1 + 0.2,
                                .seconds = 1e-300,
                                .rate = 1.0 / 3,
                                .best = std::numeric_limits<double>::infinity(),
                                .samples = 24,
                                .batch = 8,
                                .seed = UINT64_MAX,
                                .l2 = 5e-324,
                                .epochs = 9,
                                .clip_norm = 0.7,
                                .frozen_at_start = "0.bias 3"};

bool same_position(const ln::RunPosition& a, const ln::RunPosition& b) {
    const auto texts = [](const ln::RunPosition& position) {
        std::vector<std::string> all{position.frozen_at_start};
        const auto add = [&](const std::string& name, auto number) {
            all.push_back(name + ' ' + ln::files::number_text(number));
        };
        ln::io::for_each_field_of_position(position, add, add);
        return all;
    };
    return texts(a) == texts(b) && a.best_parameters == b.best_parameters;
}

template <class Optimizer>
void check_round_trip(Optimizer optimizer) {
    const Trained<Optimizer> saved{optimizer};
    Trained<Optimizer> loaded{optimizer, 0};
    CHECK(!same_state(saved, loaded));
    CHECK(same_position(ln::load_checkpoint(loaded.trainer, ln::save_checkpoint(saved.trainer, somewhere)),
                        somewhere));
    CHECK(same_state(saved, loaded));
    CHECK(same_bits(saved.model, loaded.model));
}

/// What loading says, which must be a format_error and must leave model and optimiser alone.
template <class Optimizer = ln::SGD>
std::string checkpoint_fault(const FileBytes& bytes, Optimizer optimizer = Optimizer{sgd}) {
    Trained<Optimizer> trained{optimizer, 2};
    const FileBytes before = ln::save_checkpoint(trained.trainer, {});
    std::string message = "no fault";
    try {
        (void)ln::load_checkpoint(trained.trainer, bytes, "file");
    } catch (const ln::format_error& error) {
        message = error.what();
    }
    CHECK(ln::save_checkpoint(trained.trainer, {}) == before);
    return message;
}

FileBytes sound() {
    return ln::save_checkpoint(Trained<ln::SGD>{sgd}.trainer, somewhere);
}

/// The sound file with one part of its header replaced, and the checksum made right.
FileBytes changed(std::string_view part, std::string_view other) {
    const FileBytes bytes = sound();
    const std::string header = header_of(bytes);
    REQUIRE(header.find(part) != header.npos);
    const auto data = bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header.size());
    return with_checksum(stored(with(header, part, other), FileBytes(data, bytes.end())));
}

} // namespace

TEST_CASE("checkpoint: parameters, optimiser and position come back bit for bit") {
    check_round_trip(ln::SGD{.learning_rate = 0.1});
    check_round_trip(sgd);
    check_round_trip(ln::Adam{});
    check_round_trip(ln::AdamW{});
    check_round_trip(made::Tiring{});
    check_round_trip(made::Plain{});
}

TEST_CASE("checkpoint: state that is infinite comes back as it is") {
    Trained<ln::Adam> saved{ln::Adam{}}, loaded{ln::Adam{}, 0};
    saved.trainer.state().second[3] = std::numeric_limits<float>::infinity();
    (void)ln::load_checkpoint(loaded.trainer, ln::save_checkpoint(saved.trainer, somewhere));
    CHECK(loaded.trainer.state().second[3] == std::numeric_limits<float>::infinity());
}

TEST_CASE("checkpoint: parameters that are not finite are not saved") {
    Trained<ln::SGD> trained{sgd};
    trained.model.bias<3>()[1] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH_AS((void)ln::save_checkpoint(trained.trainer, somewhere),
                         "checkpoint: tensor 3.bias: expected finite numbers of type float, found nan at [1]",
                         ln::format_error);
}

TEST_CASE("checkpoint: cut short anywhere, or with any bit flipped, it is an error") {
    const FileBytes whole = sound();
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(checkpoint_fault(FileBytes(whole.data(), whole.data() + size)).find("expected ") !=
              std::string::npos);
    for (std::size_t i = 0; i < whole.size() * 8; i += 3) {
        FileBytes damaged = whole;
        damaged[i / 8] ^= std::byte{1} << i % 8;
        CHECK(checkpoint_fault(damaged) != "no fault");
    }
}

TEST_CASE("checkpoint: a model's file, or a checkpoint of another version, is an error") {
    CHECK(checkpoint_fault(ln::save(Model{ln::seed{1}})) ==
          "file: expected a checkpoint, found a file of tensors alone, as save writes it: use load");
    CHECK(checkpoint_fault(changed(R"("lamina.checkpoint":"1")", R"("lamina.checkpoint":"2")")) ==
          "file: expected a checkpoint of version 1, found version 2");
    CHECK(checkpoint_fault(changed(R"("lamina.fingerprint")", R"("fingerprint")")) ==
          "file: expected a checkpoint with a fingerprint, found none");
}

TEST_CASE("checkpoint: content in place of a path is an error that says so") {
    const FileBytes bytes = sound();
    const std::string content{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    Trained<ln::SGD> trained{sgd};
    CHECK_THROWS_WITH_AS((void)ln::load_checkpoint(trained.trainer, content),
                         doctest::Contains("std::as_bytes(std::span{text})"), ln::format_error);
}

TEST_CASE("checkpoint: tensors of a layout or of numbers that the trainer has not are listed") {
    CHECK(checkpoint_fault(changed(R"("format":"pt")", R"("format":"np")"))
              .find("found other ones:\n  format in the metadata: expected pt or none, found np: ") !=
          std::string::npos);
    CHECK(checkpoint_fault(changed(R"("0.bias":{"dtype":"F32")", R"("0.bias":{"dtype":"I32")")) ==
          "file: expected the tensors of the trainer, found other ones:\n"
          "  0.bias: expected [3] of F16, BF16, F32 or F64, found [3] of I32");
}

TEST_CASE("checkpoint: another network, optimiser or setting is an error that says which") {
    using Other =
        ln::Model<ln::Net<ln::Conv<3, 3>, ln::Tanh, ln::MaxPool<2, 2>, ln::Dense<2>>, ln::Shape<1, 6, 6>>;
    Other other{ln::seed{1}};
    ln::Trainer trainer{other, ln::SoftmaxCrossEntropy{}, sgd};
    CHECK(checkpoint_fault(ln::save_checkpoint(trainer, {})) == "file: layer 1: expected ReLU, found Tanh");
    CHECK(checkpoint_fault(sound(), ln::SGD{.learning_rate = 0.1, .momentum = 0.8}) ==
          "file: the saved run had optimizer.momentum 0.9, found 0.8");
    CHECK(checkpoint_fault(sound(), ln::SGD{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}) ==
          "file: the saved run had optimizer.nesterov 0, found 1");
    CHECK(checkpoint_fault(sound(), made::Tiring{}) ==
          "file: expected the tensors of the trainer, found other ones:\n"
          "  optimizer.steps: expected [1], found none\n"
          "  optimizer.sums: expected [" +
              std::to_string(Model::parameter_extent) +
              "], found none\n"
              "  optimizer.velocity: expected none, found [" +
              std::to_string(Model::parameter_extent) + "]");
}

namespace {

/// What a trainer with this loss says of a checkpoint.
template <class Loss>
std::string fault_with_loss(const FileBytes& bytes, Loss loss) {
    Model model{ln::seed{2}};
    ln::Trainer trainer{model, loss, sgd};
    const FileBytes before = ln::save_checkpoint(trainer, {});
    try {
        (void)ln::load_checkpoint(trainer, bytes, "file");
    } catch (const ln::format_error& error) {
        CHECK(ln::save_checkpoint(trainer, {}) == before);
        return error.what();
    }
    return "no fault";
}
template <class Loss>
FileBytes saved_with_loss(Loss loss) {
    Model model{ln::seed{1}};
    ln::Trainer trainer{model, loss, sgd};
    return ln::save_checkpoint(trainer, somewhere);
}

} // namespace

TEST_CASE("checkpoint: another setting of the loss is an error that says which") {
    const auto smoothed = [](double share) { return ln::SoftmaxCrossEntropy{.label_smoothing = share}; };
    const auto weighted = [](double first, double second) {
        return ln::WeightedCrossEntropy<2>{.class_weights = {first, second}};
    };
    CHECK(fault_with_loss(saved_with_loss(smoothed(0.1)), smoothed(0.1)) == "no fault");
    CHECK(fault_with_loss(saved_with_loss(weighted(1, 0.1)), weighted(1, 0.1)) == "no fault");
    CHECK(fault_with_loss(saved_with_loss(ln::Huber{.delta = 3}), ln::Huber{.delta = 3}) == "no fault");

    CHECK(fault_with_loss(saved_with_loss(smoothed(0.1)), smoothed(0)) ==
          "file: the saved run had loss.label_smoothing 0.1, found 0");
    CHECK(fault_with_loss(saved_with_loss(ln::Huber{.delta = 3}), ln::Huber{}) ==
          "file: the saved run had loss.delta 3, found 1");
    CHECK(fault_with_loss(saved_with_loss(ln::BinaryCrossEntropy{.positive_weight = 3}),
                          ln::BinaryCrossEntropy{.positive_weight = 2}) ==
          "file: the saved run had loss.positive_weight 3, found 2");
    CHECK(fault_with_loss(saved_with_loss(weighted(1, 5)), weighted(1, 4)) ==
          "file: the saved run had loss.class_weights 1 5, found 1 4");

    const auto sum = [](double pre_emphasis, double factor) {
        return ln::LossSum{ln::ESR{.pre_emphasis = pre_emphasis}, ln::DC{}}.weighted(0.75, factor);
    };
    CHECK(fault_with_loss(saved_with_loss(sum(0.85, 0.25)), sum(0.85, 0.25)) == "no fault");
    CHECK(fault_with_loss(saved_with_loss(sum(0.85, 0.25)), sum(0.95, 0.25)) ==
          "file: the saved run had loss.0.pre_emphasis 0.85, found 0.95");
    CHECK(fault_with_loss(saved_with_loss(sum(0.85, 0.25)), sum(0.85, 0.5)) ==
          "file: the saved run had loss.1.factor 0.25, found 0.5");

    // Another loss.
    CHECK(fault_with_loss(saved_with_loss(smoothed(0)), weighted(1, 4)) ==
          "file: the saved run had loss.class_weights none, found 1 4");
    CHECK(fault_with_loss(saved_with_loss(weighted(1, 5)), smoothed(0)) ==
          "file: the saved run had loss.class_weights 1 5, found none");
    CHECK(fault_with_loss(saved_with_loss(ln::MeanSquaredError{}), ln::Huber{}) ==
          "file: the saved run had loss.delta none, found 1");
}

TEST_CASE("checkpoint: files from before losses had settings go on where there was nothing to set") {
    const FileBytes old = changed(R"(,"lamina.loss.label_smoothing":"0")", "");
    CHECK(fault_with_loss(old, ln::SoftmaxCrossEntropy{}) == "no fault");
    CHECK(fault_with_loss(old, ln::SoftmaxCrossEntropy{.label_smoothing = 0.5}) ==
          "file: the saved run had loss.label_smoothing none, found 0.5");
    CHECK(fault_with_loss(saved_with_loss(ln::MeanSquaredError{}), ln::SoftmaxCrossEntropy{}) == "no fault");
}

TEST_CASE("checkpoint: numbers of another type are an error, because rounding would be another run") {
    made::ModelOf<double> model{ln::seed{1}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, made::Plain{}};
    CHECK(checkpoint_fault(ln::save_checkpoint(trainer, {}), made::Plain{}) ==
          "file: tensor 0.weight: expected F32 as the trainer has, found F64");
}

TEST_CASE("checkpoint: a position that is no number is an error") {
    CHECK(checkpoint_fault(changed(R"("lamina.place.epoch":"2")", R"("lamina.place.epoch":"2x")")) ==
          "file: lamina.place.epoch: expected a number, found 2x");
    CHECK(checkpoint_fault(changed(R"("lamina.place.epoch":)", R"("lamina.place.age":)")) ==
          "file: lamina.place.epoch: expected a number, found none");
    CHECK(checkpoint_fault(changed(R"("lamina.place.seed":")", R"("lamina.place.seed":"9)")) ==
          "file: lamina.place.seed: expected a number, found 918446744073709551615");
}

TEST_CASE("checkpoint: the parameters of the best epoch are tensors beside the others") {
    const Trained<ln::SGD> saved{sgd};
    ln::RunPosition position = somewhere;
    position.best_epoch = 1;
    position.metric = 1;
    position.ended = 2;
    for (const float p : saved.model.parameters())
        position.best_parameters.push_back(static_cast<double>(2 * p));
    const FileBytes file = ln::save_checkpoint(saved.trainer, position);
    Trained<ln::SGD> loaded{sgd, 0};
    const ln::RunPosition found = ln::load_checkpoint(loaded.trainer, file);
    CHECK(found.best_epoch == 1);
    CHECK(found.metric == 1);
    CHECK(found.ended == 2);
    CHECK(found.best_parameters == position.best_parameters);
    CHECK(same_bits(saved.model, loaded.model));

    position.best_parameters.pop_back();
    CHECK_THROWS_WITH_AS((void)ln::save_checkpoint(saved.trainer, position),
                         ("checkpoint: expected " + std::to_string(Model::parameter_extent) +
                          " parameters of the best epoch, found " +
                          std::to_string(Model::parameter_extent - 1))
                             .c_str(),
                         ln::format_error);
}

TEST_CASE("checkpoint: a file of an older version, which tells less of the run, loads") {
    Trained<ln::SGD> trained{sgd, 0};
    ln::RunPosition expected = somewhere;
    expected.epochs = 0;
    CHECK(same_position(
        ln::load_checkpoint(trained.trainer, changed(R"(place.epochs":)", R"(place.absent":)")), expected));
    CHECK(checkpoint_fault(changed(R"("lamina.place.epochs":"9")", R"("lamina.place.epochs":"x")")) ==
          "file: lamina.place.epochs: expected a number, found x");
}

TEST_CASE("checkpoint: what is frozen comes back, and of a file that does not tell, nothing is frozen") {
    Trained<ln::SGD> saved{sgd}, loaded{sgd, 0};
    saved.trainer.freeze("0.bias");
    saved.trainer.freeze<3>();
    loaded.trainer.freeze<0>();
    const FileBytes bytes = ln::save_checkpoint(saved.trainer, {});
    const std::string header = header_of(bytes);
    CHECK(header.find(R"("lamina.frozen":"0.bias 3.weight 3.bias")") != std::string::npos);
    (void)ln::load_checkpoint(loaded.trainer, bytes);
    CHECK(same_state(saved, loaded));
    CHECK(!loaded.trainer.tensors()[0].is_frozen);

    (void)ln::load_checkpoint(loaded.trainer, changed(R"("lamina.frozen")", R"("other")"));
    for (const ln::ParameterTensor& t : loaded.trainer.tensors())
        CHECK(!t.is_frozen);
    CHECK(checkpoint_fault(changed(R"("lamina.frozen":"")", R"("lamina.frozen":"0.bias 1.bias")")) ==
          "file: lamina.frozen: expected weights and biases of the trainer, found 0.bias 1.bias");
    CHECK(checkpoint_fault(changed(R"("lamina.frozen":"")", R"("lamina.frozen":"3.bias 0.bias")")) ==
          "file: lamina.frozen: expected weights and biases of the trainer, found 3.bias 0.bias");
    for (const std::string wrong : {"", "0.bias 3.weight 3.bias", "3 0.bias", "1", "none 3"})
        CHECK(checkpoint_fault(changed(R"("0.bias 3")", '"' + wrong + '"')) ==
              "file: lamina.frozen_at_start: expected weights and biases of the trainer, found " + wrong);
}

TEST_CASE("checkpoint: what cannot be written is an error, and file and trainer stay as they were") {
    const Scratch scratch;
    const std::string path = scratch.path("run.checkpoint");
    Trained<ln::Adam> trained{ln::Adam{}};
    ln::save_checkpoint(trained.trainer, somewhere, path);
    const FileBytes before = ln::save_checkpoint(trained.trainer, somewhere);

    const std::string absent = scratch.path("absent/run.checkpoint");
    CHECK_THROWS_WITH_AS(ln::save_checkpoint(trained.trainer, somewhere, absent),
                         (absent + ": cannot be written: No such file or directory").c_str(),
                         ln::format_error);
    CHECK_THROWS_WITH_AS(ln::save_checkpoint(trained.trainer, somewhere, "/dev/full"),
                         "/dev/full: expected a file to replace or none, found a folder or device",
                         ln::format_error);
    CHECK(ln::save_checkpoint(trained.trainer, somewhere) == before);
    Trained<ln::Adam> other{ln::Adam{}, 0};
    CHECK(same_position(ln::load_checkpoint(other.trainer, path), somewhere));
    CHECK(same_state(other, trained));
}
