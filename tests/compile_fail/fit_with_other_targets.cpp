// Training on targets of another shape than the model's output.
// EXPECT: inputs and targets of the data must be of the model's input and output shape
// EXPECT: Samples<float, lamina::Shape<12>, lamina::Shape<3> ?> ?>::does_not_fit_a_model_of<lamina::Shape<12>
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Wanted = ln::Shape<3>;
#else
using Wanted = ln::Shape<2>;
#endif
using Model = ln::Model<ln::Net<ln::Dense<2>>, ln::Shape<12>>;

void use(Model& model, const ln::data::Samples<float, ln::Shape<12>, Wanted>& data) {
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}};
    ln::fit(trainer, data, {.epochs = 2, .validation = &data});
}
