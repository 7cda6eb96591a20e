// TrainingMemory: what a training step needs besides the model.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/model.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/flat_array.hpp>

namespace lamina::inline LAMINA_ABI {

/// The memory for the forward and backward pass of a pack of samples.
template <class Model>
struct PackMemory {
    using T = typename Model::scalar;

    topology::TrainingPass<typename Model::plan, pack<T>> pass;
    Tensor<pack<T>, typename Model::output_shape> targets;
};
template <Broken Model>
struct PackMemory<Model> {};

/// All memory that training needs in addition to the model: activations and gradients of a pack of samples,
/// the gradient of the parameters, and the optimiser's state. It is a plain object whose size is known at
/// compile time.
template <class Model, class O>
struct TrainingMemory {
    using T = typename Model::scalar;

    PackMemory<Model> pack_memory;
    Tensor<T, Shape<Model::parameter_extent>> gradients{};
    optimizer_state<O, T, Model::parameter_extent, tensor_count<Model>> state{};
};
template <Broken Model, class O>
struct TrainingMemory<Model, O> {};
/// For a type that is not an optimiser it does not compile: its size could not be compared with the stack
/// budget.
template <class Model, class O>
    requires(!Broken<Model> && !Optimizer<O, typename Model::scalar>)
struct TrainingMemory<Model, O> {
    static_assert(sizeof(typename decltype(check_optimizer<O, typename Model::scalar>())::type) > 0);
};

} // namespace lamina::inline LAMINA_ABI
