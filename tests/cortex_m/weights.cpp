// On the host: trains the network and writes its weights as a header.
#include "network.hpp"

#include <lamina/io/embed.hpp>

#include <cstdint>

int main(int count, char** arguments) {
    static Model model{ln::seed{1}};
    static Pictures pictures;
    pictures.draw(ln::seed{1});
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1, .momentum = 0.9}};
    std::uint32_t all[Pictures::count];
    for (std::uint32_t i = 0; i < Pictures::count; ++i)
        all[i] = i;
    float loss = 1;
    for (int step = 0; step < 100; ++step)
        loss = trainer.step(pictures.samples(), all);
    ln::embed(model, "weights", count > 1 ? arguments[1] : "weights.hpp");
    return loss < 0.1F ? 0 : 1;
}
