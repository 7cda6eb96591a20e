// EvaluationMemory: what each thread of `evaluate` needs besides the model.
#pragma once

#include <lamina/model.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/inference_pass.hpp>

namespace lamina::inline LAMINA_ABI::detail {

/// The pass of a pack of samples.
template <class Model>
struct pass_of_pack {
    using type = typename Model::BatchWorkspace;
};
template <class Model>
    requires requires {
        typename Model::plan;
    }
struct pass_of_pack<Model> {
    using type = topology::InferencePass<typename Model::plan, pack<typename Model::scalar>>;
};

/// The memory of a pack of samples: activations, targets, and the gradient of the loss, which nothing reads.
/// (One for a `dynamic::Network` is on the heap.)
template <class Model>
struct EvaluationMemory {
    using T = typename Model::scalar;

    typename pass_of_pack<Model>::type pass;
    Tensor<pack<T>, typename Model::output_shape> targets, unused;
};

} // namespace lamina::inline LAMINA_ABI::detail
