// Prepared of a network without its input.
// EXPECT: prepared<.*Net<.*Conv<8, ?3.*> ?>::needs_a_model
// EXPECT: Prepared takes a Model<Net<...>, Shape<...>>
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Topology = ln::Net<ln::Conv<8, 3>, ln::ReLU, ln::Dense<10>>;
using Model = ln::Model<Topology, ln::Shape<1, 28, 28>>;

Model::Output answer(const Model& model, const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    const ln::Prepared<Topology> prepared{model};
#else
    const ln::Prepared<Model> prepared{model};
#endif
    return prepared.forward(x);
}
