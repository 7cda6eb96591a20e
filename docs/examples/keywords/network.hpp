// The network that hears words.
#pragma once

#include <lamina/core.hpp>

#include <array>

namespace ln = lamina;

/// A depthwise separable convolution: each channel alone, then all channels at each place.
using Separable = ln::Net<ln::DepthwiseConv<3, 1, ln::same>, ln::BatchNorm<>, ln::ReLU, ln::Conv<64, 1>,
                          ln::BatchNorm<>, ln::ReLU>;
/// DS-CNN of MLPerf Tiny.
using KeywordSpotter =
    ln::Net<ln::Conv<64, ln::size{10, 4}, 2, ln::same>, ln::BatchNorm<>, ln::ReLU, ln::Dropout<20>,
            ln::Repeat<4, Separable>, ln::Dropout<40>, ln::GlobalAvgPool, ln::Dense<12>>;
using Model = ln::Model<KeywordSpotter, ln::Shape<1, 49, 10>>;                // to train
using Deployed = ln::Model<ln::Folded<KeywordSpotter>, ln::Shape<1, 49, 10>>; // inside a program
static_assert(Deployed::parameter_count == 22'604 && Deployed::macs == 2'656'768);

inline constexpr std::array<const char*, 12> classes{"down",  "go",   "left", "no",  "off",     "on",
                                                     "right", "stop", "up",   "yes", "silence", "unknown"};
inline constexpr int silence = 10, unknown = 11, words = 10;
