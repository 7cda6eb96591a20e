// The network that tells spoken words.
#pragma once

#include "../mlperf_tiny.hpp"

#include <lamina/core.hpp>

#include <array>

namespace ln = lamina;

using Model = ln::Model<tiny::DsCnn<>, ln::Shape<1, 49, 10>>;                // to train
using Deployed = ln::Model<ln::Folded<tiny::DsCnn<>>, ln::Shape<1, 49, 10>>; // inside a program

inline constexpr std::array<const char*, 12> classes{"down",  "go",   "left", "no",  "off",     "on",
                                                     "right", "stop", "up",   "yes", "silence", "unknown"};
inline constexpr int silence = 10, unknown = 11, words = 10;
