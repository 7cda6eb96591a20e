// An image of doubles.
// EXPECT: pixels<std::vector<double.*::are_neither_bytes_nor_floats
// EXPECT: an Image is made of std::uint8_t, which are 0 to 255, or of float
#include <lamina/core.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Pixel = double;
#else
using Pixel = float;
#endif

float answer(const Model& model, const std::vector<Pixel>& picture) {
    return model.forward(ln::data::Image{picture, {1, 28, 28}})[0];
}
