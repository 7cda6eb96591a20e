// Evaluation of a trainer instead of its model.
// EXPECT: model<.*Trainer<.*> ?>::is_not_one
// EXPECT: evaluate takes a Model
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

double accuracy(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    return ln::evaluate(trainer, images).accuracy;
#else
    return ln::evaluate(trainer.model(), images).accuracy;
#endif
}
