// The network that programs here have inside.
#pragma once

#include <lamina/core.hpp>

namespace consumer {

using Topology = lamina::Net<lamina::Dense<3>, lamina::BatchNorm<>, lamina::ReLU, lamina::Dense<2>>;
using Trained = lamina::Model<Topology, lamina::Shape<4>>;
using Model = lamina::Model<lamina::Folded<Topology>, lamina::Shape<4>>;

} // namespace consumer
