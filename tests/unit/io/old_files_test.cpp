// Files of a version of lamina whose Conv took four numbers: they load, and training goes on as it did there.
// Written by commit 958c6da: a model with two tests after five steps, and the checkpoint of those steps.
#include <lamina/data/images.hpp>
#include <lamina/io/checkpoint.hpp>
#include <lamina/io/safetensors.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/math/random.hpp>
#include <lamina/model.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/train/trainer.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace ln = lamina;

namespace {

using Card = ln::Model<ln::Net<ln::Conv<4, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                       ln::Shape<1, 12, 12>>;
using Strided = ln::Model<ln::Net<ln::Conv<4, 3, 2, 1>, ln::ReLU, ln::Dense<3>>, ln::Shape<2, 7, 8>>;

static_assert(Card::fingerprint == 0x1fc615a2da43a3d2U);
static_assert(Strided::fingerprint == 0xd2f082ea7a890a22U);

/// The noise that those models were trained on.
template <class Model>
ln::data::Images images() {
    constexpr ln::dims shape = Model::input_shape::extents;
    constexpr int count = 24;
    ln::Random random{ln::seed{5}};
    std::vector<std::uint8_t> pixels, labels;
    for (int i = 0; i < count * Model::Input::size; ++i)
        pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    for (int i = 0; i < count; ++i)
        labels.push_back(static_cast<std::uint8_t>(i % Model::Output::size));
    return {"noise", {shape[0], shape[1], shape[2]}, pixels, labels};
}

/// `losses`: those of the next three steps.
template <class Model>
void check(const std::string& name, const std::array<double, 3>& losses) {
    CAPTURE(name);
    const std::string file = LAMINA_TEST_DATA "/lamina_" + name;
    const auto loaded = std::make_unique<Model>(), model = std::make_unique<Model>(ln::seed{1});
    ln::load(*loaded, file + ".safetensors", {.tolerance = 1e-6}); // compares the answers in the file

    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::Adam>>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, ln::Adam{.learning_rate = 0.01}, *memory};
    CHECK(ln::load_checkpoint(trainer, file + "_checkpoint.safetensors").iteration == 5);
    for (std::size_t i = 0; i < model->parameters().size(); ++i)
        CHECK(model->parameters()[i] == loaded->parameters()[i]);
    const auto data = images<Model>();
    std::vector<std::uint32_t> all(data.size());
    std::iota(all.begin(), all.end(), std::uint32_t{0});
    for (const double loss : losses) // of float, in another order of sums on another processor
        CHECK(trainer.step(data, all) == doctest::Approx(loss).epsilon(1e-5));
}

} // namespace

TEST_CASE("files of an earlier version load, answer what they answered, and training goes on") {
    check<Card>("card", {2.28728962, 2.25940371, 2.22858143});
    check<Strided>("strided", {1.03243053, 1.00342607, 0.975857854});
}
