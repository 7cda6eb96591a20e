// Outputs that are not the last of the network.
// EXPECT: layer<1, .*Outputs<.*Dense<9>, .*Dense<1>.*::must_be_the_last_of_the_network
// EXPECT: the last member of the Net that a Model takes
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Net = ln::Net<ln::ReLU, ln::Outputs<ln::Dense<9>, ln::Dense<1>>, ln::MaxPool<2, 2>>;
#else
using Net = ln::Net<ln::ReLU, ln::MaxPool<2, 2>, ln::Outputs<ln::Dense<9>, ln::Dense<1>>>;
#endif
using Model = ln::Model<Net, ln::Shape<2, 8, 8>>;
static_assert(Model::heads[1].offset == 9);

float value(const Model& model, const Model::Input& x,
            const ln::data::Samples<float, ln::Shape<2, 8, 8>, Model::output_shape>& data) {
    const auto y = model.forward(x);
    const auto metrics = ln::evaluate(model, data, ln::Losses{ln::SoftmaxCrossEntropy{}, ln::Huber{}});
    return Model::head<1>(y)[0] + static_cast<float>(metrics.loss + ln::argmax(Model::head<0>(y)));
}
