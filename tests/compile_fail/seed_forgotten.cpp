// A model made from a number instead of a seed.
// EXPECT: deleted (constructor|function)
// EXPECT: a seed is written Model{ln::seed{42}}
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
const Model model{42};
#else
const Model model{ln::seed{42}};
#endif
