// The networks everything is measured on.
#pragma once

#include <lamina/core.hpp>

namespace bench {

namespace ln = lamina;

using Card = ln::Net<ln::Conv<16, 3, 1>, ln::LeakyReLU<>, ln::MaxPool<2, 2>, ln::Dense<10>>;

using Lenet5 = ln::Net<ln::Conv<6, 5, 1, 2>, ln::Tanh, ln::AvgPool<2, 2>, ln::Conv<16, 5, 1>, ln::Tanh,
                       ln::AvgPool<2, 2>, ln::Dense<120>, ln::Tanh, ln::Dense<84>, ln::Tanh, ln::Dense<10>>;

using Mlp = ln::Net<ln::Dense<128>, ln::ReLU, ln::Dense<64>, ln::ReLU, ln::Dense<10>>;

using VggSmall = ln::Net<ln::Conv<32, 3, 1, 1>, ln::ReLU, ln::Conv<32, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>,
                         ln::Conv<64, 3, 1, 1>, ln::ReLU, ln::Conv<64, 3, 1, 1>, ln::ReLU, ln::MaxPool<2, 2>,
                         ln::Conv<128, 3, 1, 1>, ln::ReLU, ln::Conv<128, 3, 1, 1>, ln::ReLU,
                         ln::MaxPool<2, 2>, ln::Dense<128>, ln::ReLU, ln::Dense<10>>;

/// ResNet-8 of MLPerf Tiny, with a padding of 1 on all sides, with batch norm and without. The latter is also
/// what `fold` makes of the former.
template <class Normalization, int Filters, int Stride, class Shortcut>
using Block = ln::Net<ln::Sum<ln::Net<ln::Conv<Filters, 3, Stride, 1>, Normalization, ln::ReLU,
                                      ln::Conv<Filters, 3, 1, 1>, Normalization>,
                              Shortcut>,
                      ln::ReLU>;
template <class Normalization>
using Resnet8Of =
    ln::Net<ln::Conv<16, 3, 1, 1>, Normalization, ln::ReLU, Block<Normalization, 16, 1, ln::Identity>,
            Block<Normalization, 32, 2, ln::Net<ln::Conv<32, 1, 2>>>,
            Block<Normalization, 64, 2, ln::Net<ln::Conv<64, 1, 2>>>, ln::AvgPool<8, 8>, ln::Dense<10>>;
using Resnet8 = Resnet8Of<ln::BatchNorm<>>;
using Resnet8Plain = Resnet8Of<ln::Identity>;

using CardModel = ln::Model<Card, ln::Shape<1, 28, 28>>;
using Lenet5Model = ln::Model<Lenet5, ln::Shape<1, 28, 28>>;
using MlpModel = ln::Model<Mlp, ln::Shape<784>>;
using VggSmallModel = ln::Model<VggSmall, ln::Shape<3, 32, 32>>;
using Resnet8Model = ln::Model<Resnet8, ln::Shape<3, 32, 32>>;
using Resnet8PlainModel = ln::Model<Resnet8Plain, ln::Shape<3, 32, 32>>;

} // namespace bench
