// A head that the network does not have.
// EXPECT: the network has no output of that number or name: see Model::heads
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Outputs<ln::Dense<9>, ln::Dense<1>>>, ln::Shape<12>>;
#ifdef SHOULD_NOT_COMPILE
constexpr int value = 2;
#else
constexpr int value = 1;
#endif

float value_of(const Model::Output& y) {
    return Model::head<value>(y)[0];
}
