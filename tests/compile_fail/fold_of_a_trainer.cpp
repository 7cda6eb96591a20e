// A trainer to fold instead of its model.
// EXPECT: deleted function .*fold\(const X
// EXPECT: takes a Model: of a trainer, trainer.model\(\)
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<8>, ln::Dropout<>, ln::Dense<10>>, ln::Shape<12>>;

auto trained(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    return ln::fold(trainer);
#else
    return ln::fold(trainer.model());
#endif
}
