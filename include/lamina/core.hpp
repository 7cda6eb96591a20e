// All of lamina that needs no more than the standard library and Boost.Hana: networks, losses, optimisers,
// samples in memory, single training steps. Compiles without exceptions and without run-time type
// information.
#pragma once

#include <lamina/answers.hpp>
#include <lamina/data/image.hpp>
#include <lamina/data/over.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/data/standardize.hpp>
#include <lamina/flush_subnormals.hpp>
#include <lamina/layers/avg_pool.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/losses/binary_cross_entropy.hpp>
#include <lamina/losses/huber.hpp>
#include <lamina/losses/mean_absolute_error.hpp>
#include <lamina/losses/mean_squared_error.hpp>
#include <lamina/losses/softmax_cross_entropy.hpp>
#include <lamina/losses/weighted_cross_entropy.hpp>
#include <lamina/model.hpp>
#include <lamina/optimizers/adam.hpp>
#include <lamina/optimizers/adamw.hpp>
#include <lamina/optimizers/schedules.hpp>
#include <lamina/optimizers/sgd.hpp>
#include <lamina/problem/pytorch_names.hpp>
#include <lamina/topology/dot.hpp>
#include <lamina/train/trainer.hpp>
