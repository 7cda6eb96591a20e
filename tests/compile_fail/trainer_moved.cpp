// A trainer that is moved away from its model.
// EXPECT: Trainer<
// EXPECT: make a Trainer of each model
#include <lamina/lamina.hpp>

#include <memory>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<4>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;

auto trainer_of(Model& model) {
    return ln::Trainer{model, ln::MeanSquaredError{}, ln::SGD{.learning_rate = 0.1}};
}

void train(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    auto trainer = trainer_of(model);
    auto moved = std::make_unique<decltype(trainer)>(std::move(trainer));
#else
    auto trainer = trainer_of(model); // made where it stays
    auto moved = std::make_unique<decltype(trainer)>(model, ln::MeanSquaredError{}, ln::SGD{});
#endif
    moved->update(0.1);
}
