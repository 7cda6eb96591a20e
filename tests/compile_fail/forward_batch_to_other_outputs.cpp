// Outputs of another shape than the model's.
// EXPECT: deleted (member )?function '?.*forward
// EXPECT: vector<lamina::([a-z0-9_]+::)?Tensor<float, lamina::Shape<12> ?>
// EXPECT: takes a Model::Input, a span of as many numbers of its type, an ln::data::Image, or spans of Input and of Output; and a workspace
// LINES: 22
#include <lamina/lamina.hpp>

#include <vector>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Wanted = ln::Tensor<float, ln::Shape<12>>;
#else
using Wanted = Model::Output;
#endif

void answer(const Model& model, const std::vector<Model::Input>& x, std::vector<Wanted>& y) {
    model.forward(x, y);
}
