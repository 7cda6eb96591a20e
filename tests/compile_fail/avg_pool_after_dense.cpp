// Average pooling after a layer whose output is not an image.
// EXPECT: layer<1, lamina::AvgPool<2, 2[, 0-9]*> ?>::input<lamina::Shape<16> ?>::is_not_an_image
// EXPECT: this layer needs an image: channels, height and width
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Before = ln::Dense<16>;
#else
using Before = ln::Conv<4, 3>;
#endif
using Model = ln::Model<ln::Net<Before, ln::AvgPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
