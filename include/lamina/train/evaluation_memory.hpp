// EvaluationMemory: what each thread of `evaluate` needs besides the model.
#pragma once

#include <lamina/model.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

namespace lamina::inline LAMINA_ABI::detail {

/// The memory of a pack of samples: activations, targets, and the gradient of the loss, which nothing reads.
/// (One for a `dynamic::Network` is on the heap.)
template <class Model>
struct EvaluationMemory {
    using T = typename Model::scalar;

    typename Model::BatchWorkspace pass;
    Tensor<pack<T>, typename Model::output_shape> targets, unused;
};

} // namespace lamina::inline LAMINA_ABI::detail
