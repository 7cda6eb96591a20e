// Recordings of doubles for a model that computes in float.
// EXPECT: recordings<std::vector<double.*::are_not_steps_of<float, float>
// EXPECT: with one element for each step: a number of the model's type
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<4>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

#ifdef SHOULD_NOT_COMPILE
using Number = double;
#else
using Number = float;
#endif

void train(Model& model, const std::vector<Number>& dry, const std::vector<Number>& wet) {
    const ln::data::Recordings<Model> recordings{dry, wet};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
    ln::fit(trainer, recordings);
}
