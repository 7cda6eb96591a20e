// Outputs inside of another Net.
// EXPECT: layer<0, .*Outputs<.*Dense<9>, .*Dense<1>.*inside<1, 1> ?>::must_be_the_last_of_the_network
// EXPECT: Within a network branches end in a Concat
#include <lamina/lamina.hpp>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
template <class... Branches>
using End = ln::Outputs<Branches...>;
#else
template <class... Branches>
using End = ln::Concat<Branches...>;
#endif
using Model = ln::Model<ln::Net<ln::ReLU, ln::Residual<End<ln::Dense<9>, ln::Dense<1>>>>, ln::Shape<10>>;

float forward(const Model& model) {
    return model.forward({})[0];
}
