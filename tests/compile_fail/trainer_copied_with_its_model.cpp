// A copy of an object that holds a model and its trainer.
// EXPECT: Agent
// EXPECT: make a Trainer of each model
// ERRORS: 2 g\+\+
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;

struct Agent {
    Model model{ln::seed{42}};
    ln::Trainer<Model, ln::MeanSquaredError, ln::SGD> trainer{model, {}, {.learning_rate = 0.1}};
};

void train(Agent& first) {
#ifdef SHOULD_NOT_COMPILE
    Agent second = first;
#else
    Agent second;
    second.model = first.model;
    second.trainer.state() = first.trainer.state();
#endif
    second.trainer.update(0.1);
}
