// More losses than the network has outputs.
// EXPECT: loss<.*MeanSquaredError, .*of_head<1> ?>::is_beyond_the_last_of<1>
// EXPECT: Losses have more losses than the network has outputs
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<ln::Net<ln::Dense<20>>, ln::Shape<12>>;
#else
using Model = ln::Model<ln::Net<ln::Outputs<ln::Dense<19>, ln::Dense<1>>>, ln::Shape<12>>;
#endif

double loss(const Model& model, const ln::data::Samples<float, ln::Shape<12>, ln::Shape<20>>& data) {
    return ln::evaluate(model, data, ln::Losses{ln::SoftmaxCrossEntropy{}, ln::MeanSquaredError{}}).loss;
}
