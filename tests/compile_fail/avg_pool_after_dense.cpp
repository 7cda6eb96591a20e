// Average pooling after a layer whose output is neither an image nor a sequence.
// EXPECT: layer<1, lamina::AvgPool<2, 2[, 0-9a-z]*> ?>::input<lamina::Shape<16> ?>::is_neither_an_image_nor_a_sequence
// EXPECT: this layer needs an image .channels, height and width. or a sequence
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Before = ln::Dense<16>;
#else
using Before = ln::Conv<4, 3>;
#endif
using Model = ln::Model<ln::Net<Before, ln::AvgPool<2, 2>, ln::Dense<10>>, ln::Shape<1, 8, 8>>;

#include "what_a_user_does.hpp"
