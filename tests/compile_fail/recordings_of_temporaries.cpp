// Recordings of a temporary vector.
// EXPECT: recordings<.*vector<float.*::would_outlive_a_temporary
// EXPECT: Recordings own nothing: pass variables that outlive them
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<4>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;
std::vector<float> record();

void train(Model& model, const std::vector<float>& dry) {
#ifdef SHOULD_NOT_COMPILE
    const ln::data::Recordings<Model> recordings{dry, record()};
#else
    const std::vector<float> wet = record();
    const ln::data::Recordings<Model> recordings{dry, wet};
#endif
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
    ln::fit(trainer, recordings);
}
