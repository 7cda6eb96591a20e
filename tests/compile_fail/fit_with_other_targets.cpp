// Training on targets of another shape than the model's output.
// EXPECT: targets of the data must be of the model's output shape and number type
// EXPECT: Samples<float, lamina::Shape<12>, lamina::Shape<3> ?> ?>::has_targets_that_do_not_fit<lamina::Shape<2>
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
