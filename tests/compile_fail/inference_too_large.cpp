// A network whose neighbouring activations together are too large.
// EXPECT: layer<1, lamina::Conv<256, 3, 1, 1(, 1, 1)?> ?>::activations<[0-9]+>::are_more_than<2147483647>
// EXPECT: use smaller images, fewer channels or fewer layers
// LINES: 45
#include <lamina/core.hpp>

#include <span>

namespace ln = lamina;

#ifdef SHOULD_NOT_COMPILE
using Wide = ln::Conv<256, 3, 1, 1>;
#else
using Wide = ln::Conv<64, 3, 1, 1>;
#endif

using Model = ln::Model<ln::Net<Wide, Wide, ln::ReLU>, ln::Shape<3, 2048, 2048>>;

void answer(const Model& model, const Model::Input& x, Model::Workspace& workspace, Model::Output& y) {
    y = model.forward(x, workspace);
}
void answer(const Model& model, std::span<const Model::Input> x, std::span<Model::Output> y,
            Model::BatchWorkspace& workspace) {
    model.forward(x, y, workspace);
}
