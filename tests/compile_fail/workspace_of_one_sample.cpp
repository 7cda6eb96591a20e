// A sample whose activations do not fit on the stack.
// EXPECT: workspace<4[0-9]+>::exceeds_the_stack_budget<[0-9]+>
// EXPECT: too large for the stack: as last argument, pass a Model::Workspace
#include <lamina/lamina.hpp>

#include <memory>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<64, 3, 1, 1>, ln::AvgPool<4, 4>, ln::Dense<10>>, ln::Shape<3, 128, 128>>;

float best_score(const Model& model, const Model::Input& x) {
#ifdef SHOULD_NOT_COMPILE
    return model.forward(x)[0];
#else
    const auto workspace = std::make_unique<Model::Workspace>();
    return model.forward(x, *workspace)[0];
#endif
}
