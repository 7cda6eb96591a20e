// What a layer is given of the model's parameters: views at the layer's own place in the flat array.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI {

/// Where a layer's weight and bias lie in the flat array, in elements; padding follows each, up to the bias
/// and up to `end`. `drawn`: whether the initial weights are random, and so differ from each other.
struct ParameterPlace {
    std::size_t weight, weight_size, bias, bias_size, end;
    bool drawn;
};

/// A layer's weight and bias: `p.weight(c, u, v, o)`, `p.bias[o]`. Of gradients, likewise.
template <class Weight, class Bias>
struct Parameters {
    Weight weight;
    Bias bias;
};

/// For a layer with a weight and no bias.
template <class Weight>
struct WeightOnly {
    Weight weight;
};

/// For a layer that has nothing to learn.
struct NoParameters {};

} // namespace lamina::inline LAMINA_ABI
