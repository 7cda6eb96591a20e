// TrainingMemory: what a training step needs besides the model.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/model.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>
#include <lamina/topology/carried.hpp>
#include <lamina/topology/paired_pass.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/flat_array.hpp>

#include <cstddef>
#include <type_traits>

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

/// Whether a model has a layer that needs statistics of the whole batch, such as BatchNorm.
template <class Model>
concept NeedsWholeBatch = !Broken<Model> && (Model::plan::Training::flow.segments() > 1);

/// Whether a training step takes two packs of samples forward at a time. (What runs along time carries values
/// from one sample to others.)
template <class Model>
concept TrainsInPairs = (topology::samples_of_batch(Model::plan::Inferred::table) ==
                         topology::Samples::two_packs) &&
                        !topology::runs_along_time(Model::plan::Inferred::table) && !NeedsWholeBatch<Model>;
/// The memory for two packs.
template <class Model>
struct TwoPackMemory : PackMemory<Model> {
    PackMemory<Model> other;
};

/// What each thread needs for the packs that it computes: nothing, if the memory of all packs is elsewhere.
struct NoMemory {};
struct MemoryOfThread; // of a dynamic::Network: see dynamic/trainer.hpp
template <class Model>
using ThreadMemory = typename topology::choose<NeedsWholeBatch<Model>>::template of<
    NoMemory, typename topology::choose<RunTimeModel<Model>>::template of<
                  MemoryOfThread, typename topology::choose<TrainsInPairs<Model>>::template of<
                                      TwoPackMemory<Model>, PackMemory<Model>>>>;

/// The memory of the packs that pass: of one or two for each thread, or, of a model that needs the whole
/// batch, of all packs of a batch of at most `Batch` samples.
template <class Model, int Batch>
struct PacksOf {
    PackMemory<Model> pack_memory;

    [[nodiscard]] PackMemory<Model>* of_thread() noexcept { return &pack_memory; }
};
template <TrainsInPairs Model, int Batch>
struct PacksOf<Model, Batch> {
    TwoPackMemory<Model> pack_memory;

    [[nodiscard]] TwoPackMemory<Model>* of_thread() noexcept { return &pack_memory; }
};
template <NeedsWholeBatch Model, int Batch>
struct PacksOf<Model, Batch> {
    using T = typename Model::scalar;
    static constexpr int packs = (Batch + native_lanes<T> - 1) / native_lanes<T>;

    PackMemory<Model> of_batch[static_cast<std::size_t>(packs)];
    T losses[static_cast<std::size_t>(packs)];
    Tensor<T, Shape<Model::extent - Model::parameter_extent>> kept; ///< as `update` will leave them

    [[nodiscard]] static NoMemory* of_thread() noexcept {
        static NoMemory none;
        return &none;
    }
};

/// All memory that training needs in addition to the model: activations and gradients of one or two packs of
/// samples, the gradient of the parameters, and the optimiser's state. It is a plain object whose size is
/// known at compile time. A model that needs the whole batch, as one with a BatchNorm does, needs the
/// activations of all its samples, which are at most `Batch`; of other models the batch may be of any size.
template <class Model, class O, int Batch>
struct TrainingMemory : PacksOf<Model, Batch> {
    using T = typename Model::scalar;
    static constexpr int batch = Batch, extent = Model::parameter_extent, tensors = tensor_count<Model>;

    Tensor<T, Shape<extent>> gradients{};
    optimizer_state<O, T, extent, tensors> state{};
};
template <Broken Model, class O, int Batch>
struct TrainingMemory<Model, O, Batch> {};
/// For a type that is not an optimiser it does not compile: its size could not be compared with the stack
/// budget.
template <class Model, class O, int Batch>
    requires(!Broken<Model> && !Optimizer<O, typename Model::scalar>)
struct TrainingMemory<Model, O, Batch> {
    static_assert(sizeof(typename decltype(check_optimizer<O, typename Model::scalar>())::type) > 0);
};

} // namespace lamina::inline LAMINA_ABI
