// A whole program, of which NETWORK, a network of runtime/networks.hpp, is the model: reads images, trains,
// tests, saves and reads back. dlib.cpp does the same.
#include "../runtime/networks.hpp"

#include <lamina/lamina.hpp>

#include <cstdio>

namespace ln = lamina;

int main(int, char** arguments) {
    const auto data = ln::data::load_idx(arguments[1]);

    static bench::NETWORK model{ln::seed{1}};
    static ln::TrainingMemory<bench::NETWORK, ln::SGD> memory;
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.05, .momentum = 0.9},
                        memory};
    ln::fit(trainer, data.train, {.epochs = 5, .batch = 64});

    const ln::Metrics metrics = ln::evaluate(model, data.test);
    std::printf("%.4f of %zu test images\n", metrics.accuracy, data.test.size());
    ln::save(model, arguments[2]);
    ln::load(model, arguments[2]);
}
