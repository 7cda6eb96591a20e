// The networks everything is measured on.
#pragma once

#include "../../docs/examples/mlperf_tiny.hpp"

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

using CardModel = ln::Model<Card, ln::Shape<1, 28, 28>>;
using Lenet5Model = ln::Model<Lenet5, ln::Shape<1, 28, 28>>;
using MlpModel = ln::Model<Mlp, ln::Shape<784>>;
using VggSmallModel = ln::Model<VggSmall, ln::Shape<3, 32, 32>>;
// Those of MLPerf Tiny, and for inference with their batch norms folded. Peers draw other masks of dropout,
// so there is none.
using DsCnnModel = ln::Model<tiny::DsCnn<12, ln::Identity, ln::Identity>, ln::Shape<1, 49, 10>>;
using MobileNetModel = ln::Model<tiny::MobileNet<>, ln::Shape<3, 96, 96>>;
using Resnet8Model = ln::Model<tiny::ResNet8<>, ln::Shape<3, 32, 32>>;
using AutoencoderModel = ln::Model<tiny::Autoencoder, ln::Shape<640>>;
template <class Model>
using FoldedModel = ln::Model<ln::Folded<typename Model::topology>, typename Model::input_shape>;

} // namespace bench
