// `Model::layers` with an index past the last layer.
// EXPECT: non-constant condition|not an integral constant expression
// EXPECT: 4
// ERRORS: 2 g\+\+
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
static_assert(Model::layers[4].output == ln::dims{10});
#else
static_assert(Model::layers[3].output == ln::dims{10});
#endif
