// Two class weights for three outputs.
// EXPECT: loss<.*WeightedCrossEntropy<2.*>::has_not_one_weight_for_each_of<.*Shape<3> ?>
// EXPECT: one for each of the
#include <lamina/core.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<3>>, ln::Shape<12>>;

void train(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    constexpr std::array weights{1.0, 5.0};
#else
    constexpr std::array weights{1.0, 1.0, 5.0};
#endif
    ln::WeightedCrossEntropy<weights.size()> loss{.class_weights = weights};
    ln::Trainer trainer{model, loss, ln::SGD{}};
    trainer.update(0.1);
}
