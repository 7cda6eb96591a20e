// Assertions about a network that does not fit together.
// EXPECT: layer<0, .*Conv<16, 30.*kernel<30, 30>::does_not_fit_its_input<28, 28>
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Digits = ln::Net<ln::Conv<16, 30, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
#else
using Digits = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;
#endif
using Model = ln::Model<Digits, ln::Shape<1, 28, 28>>;

static_assert(Model::parameter_count == 27'210);
static_assert(Model::layers[2].output == ln::dims{16, 13, 13});
static_assert(Model::layers[3].parameters > 20'000 && Model::macs < 200'000);
static_assert(Model::inference_bytes <= 16 * 1024);
static_assert(Model::training_bytes<ln::SGD> <= 1024 * 1024);

float answer(const Model& model, const Model::Input& x) {
    return model.forward(x)[0];
}
