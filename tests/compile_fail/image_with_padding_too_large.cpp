// An image that is too large once padding is added.
// EXPECT: layer<0, lamina::Conv<1, 3, 1, 1(, 1, 1)?> ?>::activations<[0-9]+>::are_more_than<2147483647>
// EXPECT: use smaller images, fewer channels or fewer layers
// LINES: 30
#include <lamina/core.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Conv<1, 3, 1, 1>, ln::MaxPool<40, 40>>, ln::Shape<2, 32767, 32767>>;
#else
using Model = ln::Model<ln::Net<ln::Conv<1, 3, 1, 1>, ln::MaxPool<40, 40>>, ln::Shape<1, 30000, 30000>>;
#endif

constexpr auto bytes = Model::inference_bytes;
