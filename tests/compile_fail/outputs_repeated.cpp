// Outputs inside of a Repeat.
// EXPECT: layer<0, .*Outputs<.*Dense<9>, .*Dense<1>.*inside<1> ?>::must_be_the_last_of_the_network
// EXPECT: not of a Net or a Repeat inside of it
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using End = ln::Repeat<1, ln::Outputs<ln::Dense<9>, ln::Dense<1>>>;
#else
using End = ln::Outputs<ln::Dense<9>, ln::Dense<1>>;
#endif
using Model = ln::Model<ln::Net<ln::ReLU, End>, ln::Shape<12>>;

float forward(const Model& model) {
    return model.forward({})[0];
}
