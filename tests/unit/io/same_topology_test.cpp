// Files of the same network with or without a layer at its end that makes probabilities.
#include <lamina/io/any_of.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/embed.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/train/trainer.hpp>

#include "laws/allocations.hpp"
#include "stored_file.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using In = ln::Shape<3>;
using Scores = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<3>>, In>;
using Classes = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<3>, ln::Softmax>, In>;
using Chances = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<3>, ln::Sigmoid>, In>;

template <class Model>
const Model& trained() {
    static const Model model{ln::seed{7}}; // the same numbers in each
    return model;
}
std::vector<Scores::Input> inputs() {
    return {{{1, 2, 3}}, {{-1, 0.5F, 4}}, {{0, 0, 0}}};
}

/// The file without its metadata, as PyTorch writes it.
FileBytes bare(const FileBytes& bytes) {
    const std::string header = header_of(bytes);
    return stored("{" + header.substr(header.find("},\"") + 2),
                  FileBytes(bytes.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), bytes.end()));
}

/// The file with an answer or weight that is off: the float at this place from the end.
FileBytes damaged(FileBytes bytes, std::size_t from_end) {
    std::byte* number = bytes.data() + bytes.size() - 4 * from_end;
    ln::files::write_number(ln::files::read_number<float>(ln::files::Dtype::f32, number) + 0.5F, number);
    return header_of(bytes).find("lamina.crc32") != std::string::npos ? with_checksum(bytes) : bytes;
}

template <class Saved, class Loaded>
void check_loads(bool with_metadata = true) {
    const FileBytes written = ln::save(trained<Saved>(), inputs());
    const FileBytes bytes = with_metadata ? written : bare(written);
    Loaded model;
    ln::load(model, bytes, "file", {.tolerance = 0});
    CHECK(same_bits(model, trained<Loaded>()));
    CHECK(fault_of<Loaded>(damaged(bytes, 1)).find("file: the model's outputs differ from the stored ones") ==
          0);
    // A weight of the first layer: before the other ones and the test vectors.
    const std::size_t first = 4 * 3 + 4 + 3 * 4 + 3 + 2 * 3 * 3;
    CHECK(fault_of<Loaded>(damaged(bytes, first)).find("file: the model's outputs differ") == 0);
}

} // namespace

TEST_CASE("a trained file loads into the same network with a Softmax or Sigmoid behind it, and back") {
    check_loads<Scores, Classes>();
    check_loads<Scores, Chances>();
    check_loads<Classes, Scores>();
    check_loads<Chances, Scores>();
}

TEST_CASE(
    "a file that does not tell its topology has the answers of the network or those before its Softmax") {
    check_loads<Scores, Scores>(false);
    check_loads<Scores, Classes>(false);
    check_loads<Classes, Classes>(false);
    check_loads<Scores, Chances>(false);
    // Without a Softmax in the model, probabilities are wrong answers, for all that it can know.
    const auto check = [](const std::string& fault, const std::string& layer) {
        CHECK(fault.starts_with(
            "file: the model's outputs differ from the stored ones: test vector 0, output 0: "
            "expected "));
        CHECK(fault.ends_with("\n  they are the " + layer +
                              " of the model's outputs: the file's network has one at "
                              "its end, and the model must, too"));
    };
    check(fault_of<Scores>(bare(ln::save(trained<Classes>(), inputs()))), "Softmax");
    check(fault_of<Scores>(bare(ln::save(trained<Chances>(), inputs()))), "Sigmoid");
    CHECK(fault_of<Scores>(bare(damaged(ln::save(trained<Classes>(), inputs()), 1))).find('\n') ==
          std::string::npos);
}

TEST_CASE("wrong answers are those of the networks as they are compared") {
    const FileBytes scores = ln::save(trained<Scores>(), inputs());
    CHECK(
        fault_of<Classes>(damaged(scores, 1)).ends_with(", both after the Softmax that only the model has"));
    const FileBytes classes = ln::save(trained<Classes>(), inputs());
    CHECK(fault_of<Scores>(damaged(classes, 1))
              .ends_with(", both after the Softmax that only the file's network has"));
    // Which of the two the file has is unknown: both comparisons are shown. The last number is off.
    const std::string both = fault_of<Classes>(bare(damaged(scores, 1)));
    CHECK(both.find("stored ones: test vector 0, output 0: expected ") != std::string::npos);
    CHECK(both.find("; if they are scores before the Softmax: test vector 2, output ") != std::string::npos);
}

TEST_CASE("another layer at the end, two, or the other of the two is an error that names the new layer") {
    const FileBytes scores = ln::save(trained<Scores>()), classes = ln::save(trained<Classes>());
    using Rectified = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<3>, ln::ReLU>, In>;
    using Twice = ln::Model<ln::Net<ln::Dense<4>, ln::ReLU, ln::Dense<3>, ln::Softmax, ln::Softmax>, In>;
    CHECK(fault_of<Rectified>(scores) ==
          "file: layer 3: expected ReLU, found none: only a Softmax or a Sigmoid at the end may be new");
    CHECK(fault_of<Twice>(scores) ==
          "file: layer 3: expected Softmax, found none: only a Softmax or a Sigmoid at the end may be new");
    CHECK(
        fault_of<Scores>(ln::save(Twice{ln::seed{7}})) ==
        "file: layer 3: expected none, found Softmax: only a Softmax or a Sigmoid at the end may be missing");
    CHECK(fault_of<Chances>(classes) == "file: layer 3: expected Sigmoid, found Softmax");
    using Between = ln::Model<ln::Net<ln::Dense<4>, ln::Softmax, ln::ReLU, ln::Dense<3>>, In>;
    CHECK(fault_of<Between>(scores) == "file: layer 1: expected Softmax, found ReLU");
}

TEST_CASE("a fingerprint must be that of the topology beside it") {
    const FileBytes scores = ln::save(trained<Scores>());
    const std::string header = header_of(scores), other = ln::io::fingerprint_text(Classes::fingerprint);
    const FileBytes wrong = with_checksum(
        stored(with(header, ln::io::fingerprint_text(Scores::fingerprint), other),
               FileBytes(scores.begin() + 8 + static_cast<std::ptrdiff_t>(header.size()), scores.end())));
    const std::string fault = "file: fingerprint of the topology: expected " +
                              ln::io::fingerprint_text(Scores::fingerprint) + ", found " + other;
    CHECK(fault_of<Scores>(wrong) == fault);
    CHECK(fault_of<Classes>(wrong) == fault);
}

TEST_CASE("without heap: weights that were saved without the model's Softmax") {
    const FileBytes scores = ln::save(trained<Scores>()), classes = ln::save(trained<Classes>());
    Classes model, other;
    const std::size_t before = laws::allocations();
    const bool loaded = ln::load_saved(model, scores);
    ln::load(other, scores);
    CHECK(laws::allocations() == before);
    CHECK(loaded);
    CHECK(same_bits(model, trained<Classes>()));
    CHECK(same_bits(other, trained<Classes>()));
    CHECK(ln::load_saved(model, classes));
    CHECK_FALSE(ln::load_saved(model, damaged(ln::save(trained<Scores>(), inputs()), 1)));
    FileBytes broken = scores;
    broken.back() ^= std::byte{1};
    CHECK_FALSE(ln::load_saved(model, broken));
}

TEST_CASE("any of: the model itself is preferred to one that differs in a Softmax") {
    ln::AnyOf<Classes, Scores> any;
    ln::load(any, ln::save(trained<Scores>()));
    CHECK(any.index() == 1);
    ln::load(any, ln::save(trained<Classes>()));
    CHECK(any.index() == 0);
    using Wide = ln::Model<ln::Net<ln::Dense<5>, ln::Dense<3>>, In>;
    ln::AnyOf<Wide, Classes> one;
    ln::load(one, ln::save(trained<Scores>(), inputs()));
    CHECK(one.index() == 1);
    ln::AnyOf<Chances, Classes> two;
    CHECK_THROWS_WITH_AS(ln::load(two, ln::save(trained<Scores>())),
                         doctest::Contains("found one that fits 2 of them:"), ln::format_error);
}

namespace {
/// What a header would hold.
template <class Model>
constexpr auto embedded = [] {
    ln::Embedded<float, Model::parameter_extent, static_cast<int>(Model::layers.size())> data{{3}, {}, {}};
    for (std::size_t i = 0; i < Model::layers.size(); ++i)
        data.layers[i] = Model::layers[i].name;
    for (int i = 0; i < Model::parameter_extent; ++i)
        data.parameters[i] = static_cast<float>(i);
    return data;
}();
constexpr auto scores_inside = embedded<Scores>;
constexpr auto classes_inside = embedded<Classes>;
static_assert(ln::with_embedded<Classes, scores_inside>().bias<2>()[0] == scores_inside.parameters[48]);
static_assert(ln::with_embedded<Scores, classes_inside>().bias<2>()[0] == scores_inside.parameters[48]);
static_assert(ln::with_embedded<Classes, scores_inside>().forward(Classes::Input{})[0] >= 0);
} // namespace

namespace {
template <int Steps, int Channels = 2, class Last = ln::Dense<1>>
using AlongTime = ln::Model<ln::Net<ln::Dense<3>, Last>, ln::Sequence<Steps, ln::Shape<Channels>>>;
} // namespace

TEST_CASE("a file of a network on a sequence loads into the same one with another number of steps") {
    const AlongTime<5> saved{ln::seed{7}};
    const FileBytes bytes = ln::save(saved);
    AlongTime<4> shorter;
    ln::load(shorter, bytes, "file");
    CHECK(same_bits(shorter, AlongTime<4>{ln::seed{7}}));

    CHECK(fault_of<AlongTime<5, 3>>(bytes) == "file: input: expected Sequence<5,3>, found Sequence<5,2>");
    CHECK(fault_of<AlongTime<4, 2, ln::Dense<2>>>(bytes) ==
          "file: layer 1: expected Dense<2>, found Dense<1>");
    using Flat = ln::Model<ln::Net<ln::Flatten, ln::Dense<1>>, ln::Sequence<4, ln::Shape<2>>>;
    using Longer = ln::Model<ln::Net<ln::Flatten, ln::Dense<1>>, ln::Sequence<5, ln::Shape<2>>>;
    CHECK(fault_of<Longer>(ln::save(Flat{ln::seed{7}})).find("\n  1.weight: expected [1,10], found [1,8]") !=
          std::string::npos);

    AlongTime<5> trained{ln::seed{7}};
    ln::Trainer trainer{trained, ln::MeanSquaredError{}, ln::SGD{}};
    const FileBytes checkpoint = ln::save_checkpoint(trainer, ln::RunPosition{});
    ln::Trainer other{shorter, ln::MeanSquaredError{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(ln::load_checkpoint(other, checkpoint),
                         "checkpoint: input: expected Sequence<4,2>, found Sequence<5,2>", ln::format_error);
}

TEST_CASE("a checkpoint is of the very same network, and load says what a checkpoint is") {
    Scores scores{ln::seed{7}};
    ln::Trainer trainer{scores, ln::MeanSquaredError{}, ln::SGD{.momentum = 0.9}};
    const FileBytes checkpoint = ln::save_checkpoint(trainer, ln::RunPosition{});

    Classes classes{ln::seed{7}};
    ln::Trainer other{classes, ln::MeanSquaredError{}, ln::SGD{.momentum = 0.9}};
    CHECK_THROWS_WITH_AS(ln::load_checkpoint(other, checkpoint),
                         "checkpoint: layer 3: expected Softmax, found none", ln::format_error);

    CHECK(
        fault_of<Scores>(checkpoint) ==
        "file: expected the tensors of the model, found other ones:\n"
        "  optimizer.velocity: expected none, found [64]\n"
        "  this is a checkpoint, for load_checkpoint or fit's .checkpoints; with .ignore = {\"optimizer.*\", "
        "\"best.*\"} its weights alone are loaded");
    Classes loaded;
    ln::load(loaded, checkpoint, "file", {.ignore = {"optimizer.*"}});
    CHECK(same_bits(loaded, classes));

    // A run with patience has the parameters of its best epoch, too.
    ln::RunPosition position;
    position.best_parameters.resize(trained<Classes>().parameters().size());
    const FileBytes with_best = ln::save_checkpoint(trainer, position);
    CHECK(fault_of<Scores>(with_best).ends_with(
        "{\"optimizer.*\", \"best.*\"} its weights alone are loaded, the "
        "last ones, not the best"));
    Classes best{ln::seed{8}};
    ln::load(best, with_best, "file", {.ignore = {"optimizer.*", "best.*"}});
    CHECK(same_bits(best, classes));
    ln::load(best, with_best, "file", {.rename = {"best", ""}, .ignore = {"optimizer.*", "0.*", "2.*"}});
    CHECK(best.bias<2>()[0] == 0); // as in position.best_parameters
    CHECK(best.weight<0>()(0, 0) == 0);
    // What was obeyed is not said again.
    CHECK_THROWS_WITH_AS(
        ln::load(best, with_best, "file", {.rename = {"a", "b"}, .ignore = {"optimizer.*", "best.*"}}),
        "file: expected the tensors of the model, found other ones:\n"
        "  .rename {\"a\", \"b\"}: expected a or a.* in the file, found none",
        ln::format_error);
}
