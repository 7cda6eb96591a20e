// The largest of the benchmarks' networks, whose training memory does not fit on a stack.
#include "../../../benchmarks/runtime/networks.hpp"

#include <lamina/data/images.hpp>

#include <doctest/doctest.h>

#include <memory>

namespace ln = lamina;

TEST_CASE("trainer: vgg-small learns, with model and memory on the heap") {
    using Model = bench::VggSmallModel;
    using Memory = ln::TrainingMemory<Model, ln::SGD>;
    static_assert(sizeof(Memory) > ln::stack_budget);

    // Two classes: bright on the left, bright on the right.
    constexpr int count = 4;
    std::vector<std::uint8_t> pixels, labels;
    ln::Random random{ln::seed{1}};
    for (int s = 0; s < count; ++s) {
        labels.push_back(static_cast<std::uint8_t>(s % 2));
        for (int i = 0; i < 3 * 32 * 32; ++i)
            pixels.push_back(static_cast<std::uint8_t>(random.below(100) + (i % 32 / 16 == s % 2 ? 150 : 0)));
    }
    const ln::data::Images data{"made", {3, 32, 32}, pixels, labels};

    const auto model = std::make_unique<Model>(ln::seed{1});
    const auto memory = std::make_unique<Memory>();
    ln::Trainer trainer{*model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.02, .momentum = 0.9},
                        *memory};
    const std::uint32_t all[] = {0, 1, 2, 3};
    const float first = trainer.step(data, all);
    trainer.step(data, all);
    trainer.step(data, all);
    CHECK(trainer.loss_and_gradient(data, all) < 0.9F * first);
}
