// One sample with the workspace of a batch.
// EXPECT: deleted (member )?function '?.*forward
// EXPECT: InferencePass|BatchWorkspace
// EXPECT: takes a Model::Input, a span of as many numbers of its type, an ln::data::Image, or spans of Input and of Output; and a workspace
// LINES: 22
#include <lamina/lamina.hpp>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>,
                        ln::Shape<1, 28, 28>>;

#ifdef SHOULD_NOT_COMPILE
using Workspace = Model::BatchWorkspace;
#else
using Workspace = Model::Workspace;
#endif

float answer(const Model& model, const Model::Input& x, Workspace& workspace) {
    return model.forward(x, workspace)[0];
}
