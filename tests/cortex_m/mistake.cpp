// A mistake ends in the program's own function, though there are neither exceptions nor stdio.
#include "board.hpp"
#include "network.hpp"

namespace {

Model model;
Pictures pictures;
ln::TrainingMemory<Model, ln::SGD> memory;

} // namespace

int run() {
    ln::on_error = [](const char* message) {
        print("told the program: ");
        print(message);
        print("\n");
    }; // which returns, so that the processor traps
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{.learning_rate = 0.1}, memory};
    const std::uint32_t batch[] = {0, 99};
    trainer.step(pictures.samples(), batch);
    return 0;
}
