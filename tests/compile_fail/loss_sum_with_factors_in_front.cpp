// The factors of a sum of losses in front of them.
// EXPECT: loss<double>::cannot_be_summed
// EXPECT: Factors follow behind: ln::LossSum
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<12>>;

#ifdef SHOULD_NOT_COMPILE
const ln::LossSum loss{0.75, ln::ESR{}, 0.25, ln::DC{}};
#else
const ln::LossSum loss{ln::ESR{}, ln::DC{}};
#endif

void train(Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<3>>& data) {
    ln::Trainer trainer{model, loss.weighted(0.75, 0.25), ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2});
    (void)ln::evaluate(model, data, loss);
}
