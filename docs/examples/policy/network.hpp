// The policy, which train.cpp trains and a microcontroller can have inside.
#pragma once

#include <lamina/core.hpp>

namespace ln = lamina;

/// 22 observations to 4 actions, with memory: the shape of RAPTOR's policy (Eschmann, Albani & Loianno,
/// "RAPTOR: a foundation policy for quadrotor control", 2025).
using Policy = ln::Model<ln::Net<ln::Dense<16>, ln::ReLU, ln::GRU<16>, ln::Dense<4>>,
                         ln::Sequence<100, ln::Shape<22>>>; // trains on a second
static_assert(Policy::parameter_count == 22 * 16 + 16 + 3 * 16 * (16 + 16 + 2) + 16 * 4 + 4); // 2,068

using Controller = ln::Stream<Policy, 1>; // runs step by step
static_assert(Controller::bytes <= 1024);
