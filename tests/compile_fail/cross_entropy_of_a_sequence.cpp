// Cross entropy of scores at each step of a sequence.
// EXPECT: loss<.*SoftmaxCrossEntropy>::needs_one_answer_not<.*Sequence<30, .*Shape<3> ?> ?>
// EXPECT: end the network with Last or GlobalAvgPool
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::GRU<8>, ln::Dense<3>>, ln::Sequence<30, ln::Shape<2>>>;
#else
using Model = ln::Model<ln::Net<ln::GRU<8>, ln::Last, ln::Dense<3>>, ln::Sequence<30, ln::Shape<2>>>;
#endif

void train(Model& model) {
    ln::Trainer trainer{model, ln::SoftmaxCrossEntropy{}, ln::SGD{}};
    trainer.update(0.1);
}
