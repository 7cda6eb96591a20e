// Trains from random weights, then answers.
#include "board.hpp"
#include "network.hpp"

namespace {

Model model;
Pictures pictures;
ln::TrainingMemory<Model, ln::SGD> memory;

} // namespace

int run() {
    model = Model{ln::seed{1}};
    pictures.draw(ln::seed{1});
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1, .momentum = 0.9},
                        memory};
    const auto data = pictures.samples();
    std::uint32_t batch[8];
    for (std::uint32_t step = 0; step < 60; ++step) {
        for (std::uint32_t i = 0; i < 8; ++i)
            batch[i] = (8 * step + i) % Pictures::count;
        report("loss", trainer.step(data, batch, 0.1, 1e-4));
    }
    pictures.draw(ln::seed{2});
    for (const Model::Input& picture : pictures.inputs)
        for (const float score : model.forward(picture))
            report("score", score);
    return 0;
}
