// A memory budget that the network exceeds.
// EXPECT: static.assert.* failed
// EXPECT: 14016 <= 8192|inference_bytes <= 8 . 1024
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
static_assert(Model::inference_bytes <= 8 * 1024);
#else
static_assert(Model::inference_bytes <= 16 * 1024);
#endif
