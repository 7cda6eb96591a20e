// A network whose activations together are too large to train.
// EXPECT: layer<7, lamina::Conv<64, 3, 1, 1(, 1, 1)?> ?>::activations<2164287500>::are_more_than<2147483647>
// EXPECT: use smaller images, fewer channels or fewer layers
// LINES: 36
#include <lamina/core.hpp>

namespace ln = lamina;

using C = ln::Conv<64, 3, 1, 1>;
using Topology = ln::Net<C, C, C, C, C, C, C, C, C>;

#ifdef SHOULD_NOT_COMPILE
using Model = ln::Model<Topology, ln::Shape<3, 2048, 2048>>;
#else
using Model = ln::Model<Topology, ln::Shape<3, 1024, 1024>>;
#endif

void train(Model& model, ln::TrainingMemory<Model, ln::SGD>& memory) {
    ln::Trainer trainer{model, ln::MeanSquaredError{}, ln::SGD{}, memory};
}

constexpr auto bytes = Model::training_bytes<ln::SGD>;
