#include <lamina/lamina.hpp>

#include <doctest/doctest.h>

#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace {

namespace ln = lamina;

using Topology = ln::Net<ln::Conv<5, 3, 1, 1>, ln::ReLU, ln::Conv<4, 3>, ln::LeakyReLU<>, ln::MaxPool<2, 2>,
                         ln::Dense<7>, ln::Tanh, ln::Dense<3>>;
using Model = ln::Model<Topology, ln::Shape<2, 9, 8>>;

ln::data::Images made_images(std::size_t count) {
    ln::Random random{ln::seed{5}};
    std::vector<std::uint8_t> pixels(count * 2 * 9 * 8), labels(count);
    for (std::uint8_t& p : pixels)
        p = static_cast<std::uint8_t>(random.below(256));
    for (std::uint8_t& l : labels)
        l = static_cast<std::uint8_t>(random.below(3));
    return {"made images", {2, 9, 8}, std::move(pixels), std::move(labels)};
}

// Dense layers alone, one with a sum after it, and dropout, whose numbers depend on the sample; and a dense
// layer that reads a copy, because a convolution wants a halo around the image.
using Chain =
    ln::Net<ln::Dense<20>, ln::ReLU, ln::Dropout<25>, ln::Residual<ln::Dense<20>>, ln::Tanh, ln::Dense<3>>;
using Branched = ln::Net<ln::Concat<ln::Net<ln::Conv<1, 3, 1, 1>, ln::Flatten>, ln::Dense<30>>, ln::Dense<3>>;

template <class Model>
std::vector<float> fitted(int threads) {
    const auto images = made_images(203);
    Model model{ln::seed{3}};
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9},
                        *memory};
    ln::fit(trainer, images,
            {.epochs = 3,
             .batch = 90,
             .threads = threads,
             .l2 = 1e-4,
             .clip_norm = 0.3,
             .validation = &images,
             .progress = false});
    return {model.parameters().begin(), model.parameters().end()};
}

bool same_bits(const auto& a, const auto& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(a[0])) == 0;
}

} // namespace

TEST_CASE("training gives the same bits on any number of threads") {
    using Dense = ln::Model<Chain, ln::Shape<2, 9, 8>>; // trains in pairs of packs
    const auto alone = fitted<Model>(1), dense_alone = fitted<Dense>(1);
    for (const int threads : {2, 3, 5}) {
        CHECK(same_bits(fitted<Model>(threads), alone));
        CHECK(same_bits(fitted<Dense>(threads), dense_alone));
    }
}

TEST_CASE("a team's gradient has the bits of a trainer alone") {
    const auto images = made_images(70);
    Model model{ln::seed{3}};
    const auto memory = std::make_unique<ln::TrainingMemory<Model, ln::SGD>>();
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}, *memory};
    std::vector<std::uint32_t> all(images.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint32_t>(i);

    const float loss = trainer.loss_and_gradient(images, all, 0.01);
    const std::vector<float> gradients(trainer.gradients().begin(), trainer.gradients().end());
    ln::Team<Model> team{4};
    CHECK(trainer.loss_and_gradient(images, all, 0.01, team) == loss);
    CHECK(same_bits(std::vector<float>(trainer.gradients().begin(), trainer.gradients().end()), gradients));
}

namespace {

/// Gradients of steps that take two packs forward at a time, by threads, against those of one pack at a time.
template <class Topology>
void check_pairs() {
    using InPairs = ln::Model<Topology, ln::Shape<2, 9, 8>>;
    static_assert(ln::TrainsInPairs<InPairs>);
    constexpr std::size_t lanes = ln::native_lanes<float>;
    const auto images = made_images(6 * lanes);
    InPairs model{ln::seed{3}};
    const ln::SoftmaxCrossEntropy loss;
    const auto memory = std::make_unique<ln::TrainingMemory<InPairs, ln::SGD>>();
    std::vector<std::uint32_t> all(images.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint32_t>(i * 7 % all.size());
    for (const std::size_t count : {std::size_t{1}, lanes, lanes + 1, 2 * lanes, 3 * lanes, 6 * lanes - 1}) {
        CAPTURE(count);
        const ln::BatchPass<InPairs, ln::SoftmaxCrossEntropy, ln::data::Images> pass{
            model,
            loss,
            images,
            std::span{all}.first(count),
            0.25F,
            {0, 1, ln::seed{4}, 9},
            memory->gradients.data()};
        ln::SingleThread alone{memory->of_thread()};
        const auto gradients = [&] {
            return std::vector<float>(memory->gradients.data(),
                                      memory->gradients.data() + InPairs::parameter_extent);
        };
        const float sum = pass.run(alone);
        const std::vector<float> one_by_one = gradients();
        CHECK(pass.run_in_pairs(alone) == sum);
        CHECK(same_bits(gradients(), one_by_one));
        for (const int threads : {2, 3}) {
            CAPTURE(threads);
            ln::Team<InPairs> team{threads};
            CHECK(pass.run_in_pairs(team) == sum);
            CHECK(same_bits(gradients(), one_by_one));
        }
    }
}

} // namespace

TEST_CASE("two packs forward at a time give the bits of one, on any number of threads") {
    check_pairs<Chain>();
    check_pairs<Branched>();
    static_assert(!ln::TrainsInPairs<Model>); // convolutions use a weight for many pixels
}

TEST_CASE("evaluation and batch inference give the same bits on any number of threads") {
    const auto images = made_images(101);
    const Model model{ln::seed{4}};
    const ln::Metrics alone = ln::evaluate(model, images);
    std::vector<Model::Input> x;
    for (std::size_t i = 0; i < images.size(); ++i)
        x.push_back(images.image(i));
    std::vector<Model::Output> expected(x.size());
    model.forward(x, expected);
    for (const int threads : {1, 2, 7}) {
        const ln::Metrics m = ln::evaluate(model, images, ln::SoftmaxCrossEntropy{}, threads);
        CHECK(m.loss == alone.loss);
        CHECK(m.accuracy == alone.accuracy);
        CHECK(m.confusion(1, 2) == alone.confusion(1, 2));
        std::vector<Model::Output> y(x.size());
        ln::forward(model, x, y, threads);
        CHECK(y == expected);
    }
}

TEST_CASE("less than one thread is refused") {
    const auto images = made_images(8);
    Model model{ln::seed{4}};
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    CHECK_THROWS_WITH_AS(ln::fit(trainer, images, {.threads = 0}), "threads must be at least 1, found 0",
                         std::invalid_argument);
    CHECK_THROWS_AS(static_cast<void>(ln::evaluate(model, images, ln::SoftmaxCrossEntropy{}, -1)),
                    std::invalid_argument);
}

TEST_CASE("more threads than there can be are refused, by whatever takes a number of them") {
    const auto images = made_images(8);
    Model model{ln::seed{4}};
    const Model before = model;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    const char* const message = "threads must be at most 1024, found 100000000";
    CHECK_THROWS_WITH_AS(ln::fit(trainer, images, {.threads = 100'000'000}), message, std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)ln::evaluate(model, images, ln::SoftmaxCrossEntropy{}, 100'000'000), message,
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS(ln::Team<Model>{100'000'000}, message, std::invalid_argument);
    std::vector<Model::Input> x(3);
    std::vector<Model::Output> y(3);
    CHECK_THROWS_WITH_AS(ln::forward(model, x, y, 100'000'000), message, std::invalid_argument);
    CHECK(std::memcmp(&model, &before, sizeof model) == 0);
}

TEST_CASE("batch inference on threads refuses outputs that overwrite inputs") {
    using Same = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<3>>;
    const Same model{ln::seed{3}};
    std::vector<Same::Input> x(40);
    CHECK_THROWS_AS(ln::forward(model, std::span{x}.subspan(1), std::span{x}, 2), ln::data_error);
}
