// A layer whose output nothing reads.
// EXPECT: layer<2, lamina::Dense<8> ?>::has_an_output_that_nothing_reads
// EXPECT: no layer reads the output of this layer, and the network does not return it
#include <lamina/core.hpp>

namespace ln = lamina;

struct skip;

#ifdef SHOULD_NOT_COMPILE
using Layers = ln::Net<ln::Dense<16>, ln::As<skip>, ln::Dense<8>, ln::From<skip>, ln::Dense<10>>;
#else
using Layers = ln::Net<ln::Dense<16>, ln::As<skip>, ln::Dense<8>, ln::Concat<ln::Identity, ln::From<skip>>,
                       ln::Dense<10>>;
#endif
using Model = ln::Model<Layers, ln::Shape<12>>;

float first(const Model& model) {
    return model.forward({})[0];
}
