// A trainer with the memory of another optimiser.
// EXPECT: trainer<.*>::needs_memory_instead_of<.*Adam
// EXPECT: of its own model and optimiser
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

#ifdef SHOULD_NOT_COMPILE
using Memory = ln::TrainingMemory<Model, ln::Adam>;
#else
using Memory = ln::TrainingMemory<Model, ln::SGD>;
#endif

void train(Model& model, Memory& memory, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}, memory};
    ln::fit(trainer, images, {.epochs = 2});
}
