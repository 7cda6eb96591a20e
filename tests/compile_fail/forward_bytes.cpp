// An image's bytes without its shape.
// EXPECT: deleted (member )?function '?.*forward
// EXPECT: vector<unsigned char
// EXPECT: takes a Model::Input, a span of as many numbers of its type, an ln::data::Image
// LINES: 22
#include <lamina/lamina.hpp>

#include <cstdint>
#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

float answer(const Model& model, const std::vector<std::uint8_t>& pixels) {
#ifdef SHOULD_NOT_COMPILE
    return model.forward(pixels)[0];
#else
    return model.forward(ln::data::Image{pixels, {1, 28, 28}})[0];
#endif
}
