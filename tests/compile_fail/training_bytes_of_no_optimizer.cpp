// A training memory budget with a loss in place of the optimiser.
// EXPECT: optimizer<lamina::SoftmaxCrossEntropy>::has_no_learning_rate
// EXPECT: an optimiser needs a number `learning_rate`
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<12>>;

#ifdef SHOULD_NOT_COMPILE
static_assert(Model::training_bytes<ln::SoftmaxCrossEntropy> <= 64 * 1024);
#else
static_assert(Model::training_bytes<ln::SGD> <= 64 * 1024);
#endif
