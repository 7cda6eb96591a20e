// card as a program that learns: reads images and their targets, 64 at a time, and writes the loss of each
// step.
#include "../runtime/networks.hpp"

#include <lamina/data/samples.hpp>

#include <cstdint>
#include <cstdio>
#include <numeric>

int main() {
    using Model = bench::CardModel;
    constexpr std::size_t batch = 64;
    static Model model{bench::ln::seed{1}};
    static bench::ln::TrainingMemory<Model, bench::ln::SGD> memory;
    bench::ln::Trainer trainer{model, bench::ln::SoftmaxCrossEntropy{},
                               bench::ln::SGD{.learning_rate = 0.05, .momentum = 0.9}, memory};
    static Model::Input images[batch];
    static Model::Output targets[batch];
    const bench::ln::data::Samples data{std::span{images}, std::span{targets}};
    std::uint32_t indices[batch];
    std::iota(indices, indices + batch, 0U);
    while (std::fread(images, sizeof images, 1, stdin) == 1 &&
           std::fread(targets, sizeof targets, 1, stdin) == 1) {
        const float loss = trainer.step(data, indices);
        std::fwrite(&loss, sizeof loss, 1, stdout);
    }
}
