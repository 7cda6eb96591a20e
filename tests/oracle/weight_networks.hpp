// The networks whose weights travel between PyTorch and lamina: those everything is measured on, and small
// siblings of them, whose files are committed. Flatten is spelt out, as in PyTorch, where it takes a number
// of its own.
#pragma once

#include <lamina/core.hpp>

namespace oracle {

namespace ln = lamina;

template <int Filters, int Classes>
using Card =
    ln::Net<ln::Conv<Filters, 3>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Flatten, ln::Dense<Classes>>;

template <int A, int B, int C, int D>
using LeNet5 =
    ln::Net<ln::Conv<A, 5, 1, 2>, ln::Tanh, ln::AvgPool<2, 2>, ln::Conv<B, 5>, ln::Tanh, ln::AvgPool<2, 2>,
            ln::Flatten, ln::Dense<C>, ln::Tanh, ln::Dense<D>, ln::Tanh, ln::Dense<10>>;

template <int F>
using Same = ln::Conv<F, 3, 1, 1>;
template <int A, int B, int C, int D>
using VGG = ln::Net<Same<A>, ln::ReLU, Same<A>, ln::ReLU, ln::MaxPool<2, 2>, Same<B>, ln::ReLU, Same<B>,
                    ln::ReLU, ln::MaxPool<2, 2>, Same<C>, ln::ReLU, Same<C>, ln::ReLU, ln::MaxPool<2, 2>,
                    ln::Flatten, ln::Dense<D>, ln::ReLU, ln::Dense<10>>;

using CardModel = ln::Model<Card<16, 10>, ln::Shape<1, 28, 28>>;
using LeNet5Model = ln::Model<LeNet5<6, 16, 120, 84>, ln::Shape<1, 28, 28>>;
using VGGModel = ln::Model<VGG<32, 64, 128, 128>, ln::Shape<3, 32, 32>>;

using SmallCard = ln::Model<Card<4, 10>, ln::Shape<1, 12, 12>>;
using SmallLeNet5 = ln::Model<LeNet5<3, 4, 12, 8>, ln::Shape<1, 16, 16>>;
using SmallVGG = ln::Model<VGG<4, 6, 8, 12>, ln::Shape<3, 16, 16>>;

/// Layers with a weight and no bias, and activations whose slope needs their input.
using SmallActivations = ln::Model<
    ln::Net<ln::Conv<4, 3>, ln::PReLU<4>, ln::MaxPool<2, 2>, ln::Conv<6, 3>, ln::SiLU, ln::Flatten,
            ln::Dense<12>, ln::PReLU<>, ln::Dense<12>, ln::GELU, ln::Dense<12>, ln::GELUTanh, ln::Dense<12>,
            ln::HardSwish, ln::Dense<12>, ln::ELU<>, ln::Dense<12>, ln::ReLU6, ln::Dense<10>>,
    ln::Shape<1, 12, 12>>;

/// Convolutions of all kinds, of images and of sequences, with and without a bias.
using SmallConvolutions = ln::Model<
    ln::Net<ln::Conv<4, ln::size{5, 3}, ln::size{2, 1}, ln::pad{2, 2, 1, 1}>, ln::ReLU,
            ln::NoBias<ln::Conv<6, 3, 1, 1, 1, 2>>, ln::Tanh, ln::DepthwiseConv<3, 1, 1, 1, 2>, ln::ReLU,
            ln::NoBias<ln::DepthwiseConv<3, 1, 2, 2>>, ln::Tanh, ln::NoBias<ln::Conv<4, 1>>, ln::ReLU,
            ln::TransposedConv<2, ln::size{4, 3}, ln::size{2, 1}, 1>, ln::Tanh, ln::Flatten,
            ln::NoBias<ln::Dense<10>>>,
    ln::Shape<1, 12, 10>>;
using SmallSequence =
    ln::Model<ln::Net<ln::Conv1D<4, 5, 2, 2>, ln::Tanh, ln::NoBias<ln::Conv1D<6, 3, 1, 2, 2, 2>>, ln::ReLU,
                      ln::Conv1D<5, 3, 1, 0, 1>, ln::Tanh, ln::Flatten, ln::Dense<10>>,
              ln::Shape<3, 24>>;

/// A module's `features` and `classifier`, one after the other.
using SmallNested =
    ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::MaxPool<2, 2>, ln::Conv<6, 3>, ln::ReLU, // features.0,
                                                                                             // features.3
                      ln::Flatten, ln::Dense<12>, ln::ReLU, ln::Dense<10>>, // classifier.0, classifier.2
              ln::Shape<1, 12, 12>>;

} // namespace oracle
