// More of the largest outputs than the model has.
// EXPECT: top_k<11>::does_not_fit_outputs<10>
// EXPECT: top_k<K> takes a K from 1 to the number of outputs
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

int second(const Model& model, const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    return ln::top_k<11>(model.forward(x))[1].index;
#else
    return ln::top_k<10>(model.forward(x))[1].index;
#endif
}
