// A batch whose activations do not fit on the stack.
// EXPECT: workspace<[0-9]+>::exceeds_the_stack_budget<[0-9]+>
// EXPECT: Model::BatchWorkspace
#include <lamina/lamina.hpp>

#include <memory>
#include <span>

namespace ln = lamina;

using Model =
    ln::Model<ln::Net<ln::Conv<32, 3, 1, 1>, ln::AvgPool<4, 4>, ln::Dense<10>>, ln::Shape<3, 160, 160>>;

void forward_all(const Model& model, std::span<const Model::Input> x, std::span<Model::Output> y) {
#ifdef SHOULD_NOT_COMPILE
    model.forward(x, y);
#else
    const auto workspace = std::make_unique<Model::BatchWorkspace>();
    model.forward(x, y, *workspace);
#endif
}
