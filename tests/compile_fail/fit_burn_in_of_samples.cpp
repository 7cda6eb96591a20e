// A burn-in before samples, which nothing comes before.
// EXPECT: burn_in<int>::is_no_option
// EXPECT: \.burn_in and \.carry_state are for training on ln::data::Recordings<Model>
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::LSTM<4>, ln::Dense<1>>, ln::Sequence<64, ln::Shape<1>>>;

void train(Model& model, const std::vector<Model::Input>& inputs, const std::vector<Model::Output>& targets) {
    const ln::data::Samples samples{inputs, targets};
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::Adam{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, samples, {.epochs = 3, .burn_in = 100});
#else
    ln::fit(trainer, samples, {.epochs = 3});
#endif
}
