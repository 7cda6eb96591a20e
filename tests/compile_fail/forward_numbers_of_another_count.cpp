// An array of more numbers than the model's input has.
// EXPECT: numbers<800>::do_not_fill_an_input_of<lamina::Shape<1, 28, 28> ?>
// EXPECT: forward takes as many numbers as the model's input has, in its order
#include <lamina/lamina.hpp>

#include <array>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Numbers = std::array<float, 800>;
#else
using Numbers = std::array<float, 784>;
#endif

float answer(const Model& model, const Numbers& x) {
    return model.forward(x)[0];
}
