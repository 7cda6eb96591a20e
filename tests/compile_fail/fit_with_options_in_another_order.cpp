// Options of `fit` in another order (an error of g++, a warning of clang++).
// EXPECT: designator order for field .*FitOptions<.*>::epochs|field 'batch' will be initialized after field
// 'epochs'
#include <lamina/lamina.hpp>

#ifdef __clang__
    #pragma clang diagnostic error "-Wreorder-init-list"
#endif

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

void train(Model& model, const ln::data::Images& images) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
#ifdef SHOULD_NOT_COMPILE
    ln::fit(trainer, images, {.batch = 32, .epochs = 2});
#else
    ln::fit(trainer, images, {.epochs = 2, .batch = 32});
#endif
}
