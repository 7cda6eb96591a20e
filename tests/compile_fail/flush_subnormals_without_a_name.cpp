// A FlushSubnormals without a name, which ends on its own line (a warning, here an error).
// EXPECT: (unused-result|unused-value)
#include <lamina/lamina.hpp>

namespace ln = lamina;
using Model = ln::Model<ln::Net<ln::Dense<1>>, ln::Shape<8>>;

#pragma GCC diagnostic error "-Wunused-result"
#pragma GCC diagnostic error "-Wunused-value"
float callback(const Model& model, const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    ln::FlushSubnormals{};
#else
    ln::FlushSubnormals flush;
#endif
    return model.forward(x)[0];
}
