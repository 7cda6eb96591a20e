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

/// ResNet-8 of MLPerf Tiny with a quarter of the filters.
template <int Filters>
using Halving = ln::Sum<ln::Net<ln::Conv<Filters, 1, 2>>,
                        ln::Net<ln::Conv<Filters, 3, 2, ln::pad{0, 1, 0, 1}>, ln::BatchNorm<>, ln::ReLU,
                                ln::Conv<Filters, 3, 1, 1>, ln::BatchNorm<>>>;
using ResNet8 = ln::Net<
    ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU,
    ln::Residual<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>>,
    ln::ReLU, Halving<8>, ln::ReLU, Halving<16>, ln::ReLU, ln::GlobalAvgPool, ln::Flatten, ln::Dense<10>>;

/// DS-CNN of MLPerf Tiny with an eighth of the filters. Depthwise convolutions have no bias.
template <class Activation>
using Separable = ln::Net<ln::NoBias<ln::DepthwiseConv<3, 1, 1>>, ln::BatchNorm<>, Activation, ln::Conv<8, 1>,
                          ln::BatchNorm<>, Activation>;
template <class Activation>
using DsCnn = ln::Net<ln::Conv<8, ln::size{10, 4}, 2, ln::same>, ln::BatchNorm<>, Activation, ln::Dropout<20>,
                      Separable<Activation>, Separable<Activation>, Separable<Activation>,
                      Separable<Activation>, ln::Dropout<40>, ln::GlobalAvgPool, ln::Flatten, ln::Dense<10>>;

/// A convolution, and what belongs to it, on each image of a sequence; then along time.
using Frames = ln::Net<ln::Conv<4, 3, 1, 1>, ln::BatchNorm<>, ln::ReLU, ln::MaxPool<2, 2>, ln::Dense<6>,
                       ln::GRU<5>, ln::Last, ln::Dense<10>>;
using FramesIn = ln::Sequence<5, ln::Shape<2, 6, 8>>;

template <class Topology, class T = float, class In = ln::Shape<1, 12, 12>>
using BranchModel = ln::Model<Topology, In, T>;

} // namespace oracle
