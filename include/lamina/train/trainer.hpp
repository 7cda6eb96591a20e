// Trainer: one optimisation step at a time, without heap.
#pragma once

#include <lamina/error.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/model.hpp>
#include <lamina/model/facts_of.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/parameters.hpp>
#include <lamina/train/batch_pass.hpp>
#include <lamina/train/broken_trainer.hpp>
#include <lamina/train/check.hpp>
#include <lamina/train/check_data.hpp>
#include <lamina/train/flat_array.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/training_data.hpp>
#include <lamina/train/training_memory.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Whether a layer of a model can be frozen by its index. Of a `dynamic::Network` all are frozen by name.
template <class M, int... I>
inline constexpr bool has_weight_at = M::template has_weight<I...>;
template <RunTimeModel M, int... I>
inline constexpr bool has_weight_at<M, I...> = false;

/// Trains a model. It holds its memory itself (`Trainer{model, loss, optimizer}`) or uses memory that you
/// provide (`Trainer{model, loss, optimizer, memory}`), which is needed for a network that exceeds the stack
/// budget:
///
///     static ln::TrainingMemory<Model, ln::SGD> memory;   // or in a std::unique_ptr
///
/// The loss of a step is the mean over its samples (for `WeightedCrossEntropy`, a weighted mean), plus l2
/// times the sum of the squares of all weights (not biases). Only one thread may use a trainer at a time.
///
/// A trainer points to its model, so it can be neither copied nor moved, nor can an object that has it as a
/// member: hold such objects by `std::unique_ptr`, or copy the parts:
///
///     second.model = first.model;  second.trainer.state() = first.trainer.state();
template <class M, class L, class O, class Storage>
class Trainer {
    using T = typename M::scalar;

  public:
    using model_type = M;
    using Memory = std::remove_reference_t<Storage>;
    using Indices = std::span<const std::uint32_t>;

    L loss;
    O optimizer;
    /// What the random numbers of a step (dropout's) depend on, besides layer, sample and element. `update`
    /// counts the steps; `fit` sets both, so that a resumed run draws the same numbers.
    struct {
        seed start{0};
        std::uint64_t step = 0;
    } random;

    /// Of a `dynamic::Network`, whose memory is on the heap, it throws `shape_error` if the network has no
    /// weights, or the loss does not fit it.
    Trainer(M& model, L loss_, O optimizer_) noexcept(!RunTimeModel<M>)
        : loss{loss_}, optimizer{optimizer_}, model_{&model} {
        if constexpr (RunTimeModel<M>) {
            require_trainable(model, loss);
            memory_.make_room(model);
            list_trained(tensors_of(model), [this](const ParameterTensor& t) { tensors_.all.push_back(t); });
        } else {
            require_stack<sizeof(Memory)>();
        }
    }
    Trainer(M& model, L loss_, O optimizer_, Memory& memory) noexcept
        : loss{loss_}, optimizer{optimizer_}, model_{&model}, memory_{memory} {}
    // The compilers show these lines with their comments.
    // clang-format off
    Trainer(const Trainer&) = delete; // a copy would train the model of the first: make a Trainer of each model, or hold both by std::unique_ptr
    Trainer& operator=(const Trainer&) = delete; // likewise: make a Trainer of each model, or hold both by std::unique_ptr
    // clang-format on

    [[nodiscard]] M& model() noexcept { return *model_; }
    [[nodiscard]] const M& model() const noexcept { return *model_; }

    /// One step on the samples `indices` of `data`. Returns the loss before the step. If the loss, its
    /// gradient or a parameter is not finite, the step returns NaN and changes nothing. A step that makes a
    /// parameter infinite or NaN is therefore noticed by the next one.
    ///
    /// Throws `data_error` if there are no indices, one is out of range, or the samples do not fit the model;
    /// `std::invalid_argument` if the learning rate, l2, `clip_norm` or a setting of the loss or the
    /// optimiser is not allowed, or if all layers are frozen; `training_error` if all weights of two or more
    /// layers are zero, as without a seed, because nothing would be learnt. An error changes nothing.
    template <TrainingData<M> Data>
    T step(const Data& data, Indices indices, double learning_rate, double l2 = 0) {
        require_step<T>(optimizer, learning_rate);
        const T mean = loss_and_gradient(data, indices, l2);
        if (is_finite(mean))
            update(learning_rate);
        return mean;
    }
    template <TrainingData<M> Data>
    T step(const Data& data, Indices indices, double learning_rate, double l2, double clip_norm) {
        require_step<T>(optimizer, learning_rate);
        require_clip_norm(clip_norm);
        const T mean = loss_and_gradient(data, indices, l2);
        if (is_finite(mean)) {
            clip_gradients(clip_norm);
            update(learning_rate);
        }
        return mean;
    }
    template <TrainingData<M> Data>
    T step(const Data& data, Indices indices) {
        return step(data, indices, optimizer.learning_rate);
    }

    /// The first half of a step: computes the loss of the samples and its gradient by all parameters, which
    /// `gradients()` then returns. Returns the loss, or NaN if the loss, its gradient or a parameter is not
    /// finite.
    template <TrainingData<M> Data>
    T loss_and_gradient(const Data& data, Indices indices, double l2 = 0) {
        SingleThread this_thread{memory().of_thread()};
        return loss_and_gradient(data, indices, l2, this_thread);
    }
    /// The same with a team of threads (see `Team`), which gives the same bits for any number of them.
    template <TrainingData<M> Data>
    T loss_and_gradient(const Data& data, Indices indices, double l2, auto& team) {
        if constexpr (!data_fit<M, L, Data>)
            require_data_of<M, L, Data>();
        require_samples(as_size(data.size()), indices);
        // Where a function would be named by the model, whose name is long, the question stands here.
        if constexpr (RunTimeModel<M>)
            check_data(*model_, loss, data, indices);
        else
            check_data_of<typename M::input_shape, typename M::output_shape>(data, indices);
        require_l2<T>(l2);
        require_loss(loss);
        require_something_moves(moving());
        const T* parameters = model_->parameters().data();
        const int extent = static_cast<int>(model_->parameters().size());
        if constexpr (RunTimeModel<M>)
            require_unlike_units(parameters, ModelTensors{model_->tensors()});
        else
            require_unlike_units(parameters, ModelTensors{M::tensors});
        Memory& m = memory();
        const T share = share_of_sample<T>(loss, data, indices);
        const BatchPass<M, L, Data> pass{
            *model_, loss, data, indices, share, {0, 1, random.start, random.step}, m.gradients.data()};
        T sum = T(0);
        if constexpr (NeedsWholeBatch<M>) {
            sum = pass.run_together(m, team);
        } else if constexpr (RunTimeModel<M>) {
            team.make_room(*model_);
            if (model_->needs_whole_batch())
                sum = pass.run_together(m, team);
            else
                sum = pass.run(team);
        } else if constexpr (TrainsInPairs<M>) {
            sum = pass.run_in_pairs(team);
        } else {
            sum = pass.run(team);
        }
        clear_frozen(m.gradients.data(), tensors_.all);
        const T mean =
            sum * share + add_penalty(parameters, m.gradients.data(), moving(), static_cast<T>(l2));
        if (is_finite(mean) && all_finite(m.gradients.data(), extent) && all_finite(parameters, extent))
            return mean;
        return detail::not_a_number<T>();
    }
    /// These say what is wrong with the data.
    template <class Data>
        requires(!TrainingData<Data, M>)
    T step(const Data&, auto&&...) {
        require_data_of<M, L, Data>();
        return T(0);
    }
    template <class Data>
        requires(!TrainingData<Data, M>)
    T loss_and_gradient(const Data&, auto&&...) {
        require_data_of<M, L, Data>();
        return T(0);
    }

    /// Between the two halves: scales the gradient so that its norm, over all weights and biases that are not
    /// frozen, is at most `largest`; returns the norm it had. See `FitOptions::clip_norm`. Throws
    /// `std::invalid_argument` unless `largest` is above 0.
    double clip_gradients(double largest) {
        require_clip_norm(largest);
        return clip_norm(memory().gradients.data(), moving(), largest);
    }

    /// The second half: the optimiser's step along that gradient. Throws `std::invalid_argument` if the
    /// learning rate or a setting of the optimiser is not allowed.
    void update(double learning_rate) {
        require_step<T>(optimizer, learning_rate);
        T* parameters = model_->parameters().data();
        const T* gradients = memory().gradients.data();
        if constexpr (RunTimeModel<M>)
            memory().state.update(optimizer, parameters, gradients, learning_rate, tensors_.all);
        else if constexpr (detail::MovesTensors<O, T>)
            optimizer.update(parameters, gradients, memory().state, learning_rate, moving());
        else
            optimizer.update(parameters, gradients, memory().state, learning_rate);
        clear_padding(parameters, tensors_.all);
        if constexpr (RunTimeModel<M> || NeedsWholeBatch<M>)
            for (int from = parameter_extent_of(*model_), i = from; i < extent_of(*model_); ++i)
                model_->numbers()[static_cast<std::size_t>(i)] = memory().kept.data()[i - from];
        ++random.step;
    }
    [[nodiscard]] auto gradients() const noexcept {
        using Gradients = decltype(std::as_const(*model_).parameters()); // a span
        return Gradients{memory().gradients.data(), static_cast<std::size_t>(parameter_extent_of(*model_))};
    }

    /// Freezes layer `I`: its weight and bias do not change until `unfreeze`, nor does the optimiser's state
    /// for them. Their gradient is zero, they get no penalty, and they do not count for `clip_gradients`.
    /// PyTorch: `requires_grad = False`.
    template <int... I>
        requires has_weight_at<M, I...>
    void freeze() noexcept { set_frozen(M::template element_at<I...>, true); }
    template <int... I>
        requires has_weight_at<M, I...>
    void unfreeze() noexcept { set_frozen(M::template element_at<I...>, false); }
    /// The same by names as in files: "0" for a layer, "0.bias" for its bias alone. For other names it throws
    /// `std::invalid_argument`, which lists the existing ones.
    void freeze(std::string_view name) { set_frozen(name, true); }
    void unfreeze(std::string_view name) { set_frozen(name, false); }
    // The compilers show these lines with their comments.
    // clang-format off
    void freeze(int) = delete; // freeze<0>() takes the index of a layer, freeze("0") its name
    void unfreeze(int) = delete; // unfreeze<0>() takes the index of a layer, unfreeze("0") its name
    template <int... I> requires(!has_weight_at<M, I...>)
    void freeze() = delete; // there is no layer I, or it has no weight to freeze: see Model::layers
    template <int... I> requires(!has_weight_at<M, I...>)
    void unfreeze() = delete; // there is no layer I, or it has no weight to unfreeze: see Model::layers
    // clang-format on
    /// All weights and biases, and whether each is frozen.
    [[nodiscard]] const auto& tensors() const noexcept { return tensors_.all; }

    /// The state that the optimiser keeps between steps.
    [[nodiscard]] auto& state() noexcept { return memory().state; }
    [[nodiscard]] const auto& state() const noexcept { return memory().state; }

  private:
    void set_frozen(auto layer, bool frozen) {
        if constexpr (!detail::MovesTensors<O, T>)
            static_assert(sizeof(typename problem::optimizer<O>::template cannot_freeze_layers<T>) > 0);
        else if constexpr (std::is_integral_v<decltype(layer)>)
            for (ParameterTensor& t : tensors_.all)
                t.is_frozen = t.layer == layer ? frozen : t.is_frozen;
        else
            lamina::set_frozen(tensors_.all, ModelTensors{tensors_of(*model_)}, layer, frozen);
    }
    [[nodiscard]] MovingTensors moving() const noexcept {
        if constexpr (RunTimeModel<M>)
            return {tensors_.all.data(), tensors_.all.size()};
        else
            return {tensors_.all, std::size_t{tensor_count<M>}};
    }
    [[nodiscard]] Memory& memory() noexcept { return memory_; }
    [[nodiscard]] const Memory& memory() const noexcept { return memory_; }

    M* model_;
    TensorList<tensor_count<M>> tensors_ = parameter_tensors<M>;
    Storage memory_;
};

template <class M, class L, class O>
Trainer(M&, L, O) -> Trainer<M, L, O>;
template <class M, class L, class O, int Batch>
Trainer(M&, L, O, TrainingMemory<M, O, Batch>&) -> Trainer<M, L, O, TrainingMemory<M, O, Batch>&>;
template <class M, class L, class O, class Memory>
Trainer(M&, L, O, Memory&) -> Trainer<M, L, O, Memory&>; // says that it is not such a memory
// These say what is missing, or that it is something else.
template <class M, class L>
Trainer(M&, L) -> Trainer<M, L, void>;
template <class M>
Trainer(M&) -> Trainer<M, void, void>;
template <class M, class... Others>
Trainer(M&&, Others&&...)
    -> Trainer<std::remove_reference_t<M>, Unfit<M, std::remove_reference_t<Others>...>, void>;

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
