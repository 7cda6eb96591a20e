// A floating-point tensor index.
// EXPECT: IndicesOf
// EXPECT: is_floating_point_v<
// LINES: 31
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

void write(Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    x(0.5, 1, 1) = 3;
#else
    x(0, 1, 1) = 3;
#endif
}
