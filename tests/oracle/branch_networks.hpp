// Networks that branch, as in torch_branches.hpp.
#pragma once

#include <lamina/core.hpp>

namespace oracle {

namespace ln = lamina;

/// A residual block, then one with a projection, which halves the image.
using ResNet = ln::Net<
    ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU,
    ln::Residual<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>>,
    ln::ReLU,
    ln::Sum<ln::Net<ln::Conv<6, 1, 2>, ln::BatchNorm<>>,
            ln::Net<ln::Conv<6, 3, 2, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv<6, 3, 1, 1>, ln::BatchNorm<>>>,
    ln::ReLU, ln::AvgPool<2, 2>, ln::Flatten, ln::Dense<10>>;

using Inception = ln::Net<ln::Conv<4, 3, 1, 1>, ln::Tanh,
                          ln::Concat<ln::Net<ln::Conv<3, 3, 1, 1>, ln::ReLU>,
                                     ln::Net<ln::Conv<5, 1>, ln::Tanh, ln::Conv<2, 5, 1, 2>>, ln::Identity>,
                          ln::MaxPool<2, 2>, ln::Flatten, ln::Dense<10>>;

template <class Topology, class T = float>
using BranchModel = ln::Model<Topology, ln::Shape<1, 12, 12>, T>;

} // namespace oracle
