// Too few tensor indices.
// EXPECT: Index[ .)]*== .*rank
// EXPECT: Shape<1, 28, 28>
// LINES: 31
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

float first(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    return Model::Input{}(2, 3);
#else
    return Model::Input{}(0, 2, 3);
#endif
}
