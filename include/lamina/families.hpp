// The layers of lamina that a text can name, with numbers for arguments.
#pragma once

#include <lamina/layers/adaptive_avg_pool.hpp>
#include <lamina/layers/append.hpp>
#include <lamina/layers/avg_pool.hpp>
#include <lamina/layers/batch_norm.hpp>
#include <lamina/layers/bidirectional.hpp>
#include <lamina/layers/causal_conv.hpp>
#include <lamina/layers/conv.hpp>
#include <lamina/layers/conv1d.hpp>
#include <lamina/layers/dense.hpp>
#include <lamina/layers/depthwise_conv.hpp>
#include <lamina/layers/dropout.hpp>
#include <lamina/layers/elu.hpp>
#include <lamina/layers/flatten.hpp>
#include <lamina/layers/gelu.hpp>
#include <lamina/layers/global_avg_pool.hpp>
#include <lamina/layers/global_max_pool.hpp>
#include <lamina/layers/gru.hpp>
#include <lamina/layers/hard_swish.hpp>
#include <lamina/layers/join.hpp>
#include <lamina/layers/last.hpp>
#include <lamina/layers/layer_norm.hpp>
#include <lamina/layers/leaky_relu.hpp>
#include <lamina/layers/learnt_state.hpp>
#include <lamina/layers/lstm.hpp>
#include <lamina/layers/max_pool.hpp>
#include <lamina/layers/no_bias.hpp>
#include <lamina/layers/prelu.hpp>
#include <lamina/layers/relu.hpp>
#include <lamina/layers/relu6.hpp>
#include <lamina/layers/scale.hpp>
#include <lamina/layers/sigmoid.hpp>
#include <lamina/layers/silu.hpp>
#include <lamina/layers/softmax.hpp>
#include <lamina/layers/tanh.hpp>
#include <lamina/layers/transposed_conv.hpp>
#include <lamina/layers/upsample.hpp>

namespace lamina::inline LAMINA_ABI::detail {

template <class... L>
struct Families {};

/// A layer with arguments is the form that holds them as numbers. A layer without is itself.
using AllFamilies =
    Families<layer_bases::ResampleOf<AdaptiveAvgPoolNumbers>, layer_bases::AvgPoolOf<AvgPoolNumbers>,
             layer_bases::BatchNormOf<BatchNormNumbers>, Bidirectional<GRU<>>::by_numbers,
             Bidirectional<LSTM<>>::by_numbers, CausalConv<>::by_numbers, Conv<>::by_numbers,
             Conv1D<>::by_numbers, Dense<>::by_numbers, DepthwiseConv<>::by_numbers,
             layer_bases::DropoutOf<DropoutNumbers>, ELUNumbers, Flatten, GELU, GELUTanh, GlobalAvgPool,
             GlobalMaxPool, GRU<>::by_numbers, HardSwish, Last, LayerNorm, LeakyReLUNumbers,
             LearntState<GRU<>>::by_numbers, LearntState<LSTM<>>::by_numbers, LSTM<>::by_numbers,
             layer_bases::MaxPoolOf<MaxPoolNumbers>, layer_bases::PReLUOf<PReLUNumbers>, ReLU, ReLU6,
             ScaleNumbers, Sigmoid, SiLU, Softmax, Tanh, TransposedConv<>::by_numbers,
             layer_bases::ResampleOf<UpsampleNumbers>, layer_bases::ResampleOf<UpsampleBilinearNumbers>>;
/// Layers within NoBias<...>.
using AllWithoutBias = Families<NoBias<CausalConv<>>::by_numbers, NoBias<Conv<>>::by_numbers,
                                NoBias<Conv1D<>>::by_numbers, NoBias<Dense<>>::by_numbers,
                                NoBias<DepthwiseConv<>>::by_numbers, NoBias<TransposedConv<>>::by_numbers>;
using AllJoins = Families<joins::Append, joins::AppendFlat, joins::Multiply, joins::Add>;

} // namespace lamina::inline LAMINA_ABI::detail
