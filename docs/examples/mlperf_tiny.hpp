// The networks of MLPerf Tiny, as types: https://github.com/mlcommons/tiny, benchmark/training.
#pragma once

#include <lamina/core.hpp>

namespace tiny {

namespace ln = lamina;

/// A layer with batch norm and ReLU.
template <class Layer>
using Normalized = ln::Net<Layer, ln::BatchNorm<>, ln::ReLU>;

/// A depthwise separable convolution.
template <int Filters, int Stride = 1>
using Separable =
    ln::Net<Normalized<ln::DepthwiseConv<3, Stride, ln::same>>, Normalized<ln::Conv<Filters, 1>>>;

/// Keyword spotting: Shape<1, 49, 10>, ten coefficients of 49 frames of a second's sound.
template <int Words = 12, class First = ln::Dropout<20>, class Last = ln::Dropout<40>>
using DsCnn = ln::Net<Normalized<ln::Conv<64, ln::size{10, 4}, 2, ln::same>>, First,
                      ln::Repeat<4, Separable<64>>, Last, ln::GlobalAvgPool, ln::Dense<Words>>;

/// Visual wake words, MobileNetV1 with a quarter of the channels: Shape<3, 96, 96>. For images that are small
/// already, the first convolution has a stride of 1.
template <int Classes = 2, int FirstStride = 2>
using MobileNet =
    ln::Net<Normalized<ln::Conv<8, 3, FirstStride, ln::same>>, Separable<16>, Separable<32, 2>, Separable<32>,
            Separable<64, 2>, Separable<64>, Separable<128, 2>, ln::Repeat<5, Separable<128>>,
            Separable<256, 2>, Separable<256>, ln::GlobalAvgPool, ln::Dense<Classes>>;

/// Image classification: Shape<3, 32, 32>.
template <int Filters, int Stride, class Shortcut>
using Block = ln::Net<ln::Sum<ln::Net<Normalized<ln::Conv<Filters, 3, Stride, ln::same>>,
                                      ln::Conv<Filters, 3, 1, ln::same>, ln::BatchNorm<>>,
                              Shortcut>,
                      ln::ReLU>;
template <int Classes = 10>
using ResNet8 = ln::Net<Normalized<ln::Conv<16, 3, 1, ln::same>>, Block<16, 1, ln::Identity>,
                        Block<32, 2, ln::Net<ln::Conv<32, 1, 2>>>, Block<64, 2, ln::Net<ln::Conv<64, 1, 2>>>,
                        ln::GlobalAvgPool, ln::Dense<Classes>>;

/// Anomaly detection: Shape<640>, which it reproduces.
using Autoencoder =
    ln::Net<Normalized<ln::Dense<128>>, ln::Repeat<3, Normalized<ln::Dense<128>>>, Normalized<ln::Dense<8>>,
            Normalized<ln::Dense<128>>, ln::Repeat<3, Normalized<ln::Dense<128>>>, ln::Dense<640>>;

/// Streaming wake word: Shape<40, 30, 1>, 40 bands of 30 frames.
template <int Filters, int Kernel>
using WakeWordBlock = ln::Net<ln::DepthwiseConv<ln::size{Kernel, 1}>, ln::Conv<Filters, 1>, ln::ReLU>;
using WakeWord = ln::Net<WakeWordBlock<128, 3>, WakeWordBlock<128, 5>, WakeWordBlock<128, 10>,
                         WakeWordBlock<32, 15>, ln::Dense<3>>;

} // namespace tiny
