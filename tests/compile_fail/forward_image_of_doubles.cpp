// Inputs of another number type than the model's.
// EXPECT: deleted (member )?function '?.*forward
// EXPECT: Tensor<double, lamina::Shape<1, 28, 28>
// EXPECT: takes a Model::Input, a span of as many numbers of its type, an ln::data::Image, or spans of Input and of Output; and a workspace
// LINES: 22
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Given = ln::Tensor<double, ln::Shape<1, 28, 28>>;
#else
using Given = ln::Tensor<float, ln::Shape<1, 28, 28>>;
#endif

float answer(const Model& model, const Given& x) {
    return model.forward(x)[0];
}
