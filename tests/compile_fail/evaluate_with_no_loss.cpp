// Evaluation with an optimiser in place of the loss.
// EXPECT: loss<lamina::([a-z0-9_]+::)?SGD>::is_not_one_on<lamina::Shape<10>, float>
// EXPECT: a loss needs a `loss_and_gradient
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

double accuracy(const Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    return ln::evaluate(model, images, ln::SGD{}).accuracy;
#else
    return ln::evaluate(model, images, ln::MeanSquaredError{}).accuracy;
#endif
}
