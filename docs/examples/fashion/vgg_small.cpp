// Pairs of 3x3 convolutions, for colour images as in CIFAR-10. After Simonyan & Zisserman, arXiv:1409.1556.
#include "training.hpp"

namespace fashion {

template <int Filters>
using Conv3x3 = ln::Conv<Filters, 3, 1, 1>;

using VggSmall = ln::Net<Conv3x3<32>, ln::ReLU, Conv3x3<32>, ln::ReLU, ln::MaxPool<2, 2>,   // 32x16x16
                         Conv3x3<64>, ln::ReLU, Conv3x3<64>, ln::ReLU, ln::MaxPool<2, 2>,   // 64x8x8
                         Conv3x3<128>, ln::ReLU, Conv3x3<128>, ln::ReLU, ln::MaxPool<2, 2>, // 128x4x4
                         ln::Dense<128>, ln::ReLU,                                          //
                         ln::Dense<10>>;

Outcome train_vgg_small(const Dataset& data, const Options& options) {
    return train<ln::Model<VggSmall, ln::Shape<3, 32, 32>>>(data, options);
}

} // namespace fashion
