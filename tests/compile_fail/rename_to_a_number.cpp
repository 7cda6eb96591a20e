// Loading under other names, where the model's name of a layer is a number.
// EXPECT: deleted function|deleted constructor
// EXPECT: the name of a layer is text
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

void prepare(Model& model) {
#ifdef SHOULD_NOT_COMPILE
    ln::load(model, "digits.safetensors", {.rename = {{"features.0", 0}, {"classifier", "3"}}});
#else
    ln::load(model, "digits.safetensors", {.rename = {{"features.0", "0"}, {"classifier", "3"}}});
#endif
}
