// The network that programs here have inside.
#pragma once

#include <lamina/core.hpp>

namespace consumer {

using Model = lamina::Model<lamina::Net<lamina::Dense<3>, lamina::ReLU, lamina::Dense<2>>, lamina::Shape<4>>;

} // namespace consumer
