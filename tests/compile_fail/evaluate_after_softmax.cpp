// Evaluation by cross entropy of a network that ends in a softmax.
// EXPECT: loss<.*SoftmaxCrossEntropy>::follows<.*Softmax>
// EXPECT: leave the Softmax out, or take another loss, such as MeanSquaredError
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<10>, ln::Softmax, ln::Flatten>, ln::Shape<1, 2, 6>>;

double loss(const Model& model, const ln::data::Images& images) {
#ifdef SHOULD_NOT_COMPILE
    return ln::evaluate(model, images).loss;
#else
    return ln::evaluate(model, images, ln::MeanSquaredError{}).loss;
#endif
}
