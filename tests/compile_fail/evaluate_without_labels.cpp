// Evaluation on data without labels, without a loss.
// EXPECT: data_set<lamina::([a-z0-9_]+::)?data::Samples<float, lamina::Shape<12>, lamina::Shape<10> ?> ?>::needs_a_loss
// EXPECT: evaluate needs a loss for data without labels, the one the model was trained with: evaluate.model, data, trainer.loss
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

double loss(const Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<10>>& samples) {
#ifdef SHOULD_NOT_COMPILE
    return ln::evaluate(model, samples).loss;
#else
    return ln::evaluate(model, samples, ln::MeanSquaredError{}).loss;
#endif
}
