// Labels for one output, with a loss that does not take a logit.
// EXPECT: data_set<lamina::([a-z0-9_]+::)?data::Images>::has_labels_for_one_output_and<lamina::MeanSquaredError>
// EXPECT: labels 0 and 1 for one output need a loss of one logit: ln::BinaryCrossEntropy
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
constexpr int outputs = 1;
#else
constexpr int outputs = 2;
#endif
using Model = ln::Model<ln::Net<ln::Dense<outputs>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    ln::fit(trainer, images);
}
