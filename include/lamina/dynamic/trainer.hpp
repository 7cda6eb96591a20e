// Trainer of a run-time network: one optimisation step at a time, without heap.
#pragma once

#include <lamina/data/images.hpp>
#include <lamina/data/samples.hpp>
#include <lamina/dynamic/network.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/optimizers/settings.hpp>
#include <lamina/train/check_data.hpp>
#include <lamina/train/flat_array.hpp>
#include <lamina/train/frozen.hpp>
#include <lamina/train/training_data.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

using LaneIndices = std::uint32_t[static_cast<std::size_t>(native_lanes<float>)];

/// Loads the images `indices` into the lanes of x, and their labels as targets into those of t.
inline void feed(const data::Images& images, const LaneIndices& indices, View<pack<float>> x,
                 View<pack<float>> t) noexcept {
    kernels::has_effects();
    const std::uint8_t* rows[static_cast<std::size_t>(native_lanes<float>)];
    for (int r = 0; r < native_lanes<float>; ++r)
        rows[r] = images.image(indices[r]).pixels();
    load_lanes(rows, x, [](auto v) { return pack<float>{v} * pack<float>(1.0F / 255.0F); });
    data::write_labels<float>(t, [&](int r) { return images.label(indices[r]); });
}
inline void require_shapes(const data::Images& images, const Network& net) {
    images.require_shape(net.input());
}

/// The same for samples that are tensors.
template <class In, class Out>
void feed(const data::Samples<float, In, Out>& samples, const LaneIndices& indices, View<pack<float>> x,
          View<pack<float>> t) noexcept {
    kernels::has_effects();
    const float* inputs[static_cast<std::size_t>(native_lanes<float>)];
    const float* targets[static_cast<std::size_t>(native_lanes<float>)];
    for (int r = 0; r < native_lanes<float>; ++r) {
        inputs[r] = samples.input(indices[r]).data();
        targets[r] = samples.target(indices[r]).data();
    }
    load_lanes(inputs, x, [](auto v) { return pack<float>{v}; });
    load_lanes(targets, t, [](auto v) { return pack<float>{v}; });
}
template <class In, std::integral Label>
void feed(const data::Samples<float, In, Label>& samples, const LaneIndices& indices, View<pack<float>> x,
          View<pack<float>> t) noexcept {
    kernels::has_effects();
    const float* inputs[static_cast<std::size_t>(native_lanes<float>)];
    for (int r = 0; r < native_lanes<float>; ++r)
        inputs[r] = samples.input(indices[r]).data();
    load_lanes(inputs, x, [](auto v) { return pack<float>{v}; });
    data::write_labels<float>(t, [&](int r) { return samples.label(indices[r]); });
}
template <class In, std::integral Label>
void require_shapes(const data::Samples<float, In, Label>&, const Network& net) {
    if (!(In::extents == net.input()))
        raise(data_error{"samples: the network expects inputs of " + to_string(net.input()) + ", found " +
                         to_string(In::extents)});
}
template <class In, class Out>
void require_shapes(const data::Samples<float, In, Out>&, const Network& net) {
    if (!(In::extents == net.input()) || !(Out::extents == net.output()))
        raise(data_error{"samples: the network expects inputs of " + to_string(net.input()) +
                         " and targets of " + to_string(net.output()) + ", found " + to_string(In::extents) +
                         " and " + to_string(Out::extents)});
}

/// Throws `data_error` unless the data fit the network: all samples, or those of `indices`.
template <class Data>
void require_fit(const Data& data, const Network& net, auto... indices) {
    require_shapes(data, net);
    if constexpr (Labelled<Data>)
        require_labels(data, static_cast<int>(net.output().size()), indices...);
}

/// Trains a `Network` with any loss and optimiser that can train a `Model`. All memory is allocated by the
/// constructor, which throws `shape_error` if the network has no weights or the loss does not fit it. The
/// loss of a step, and what happens when it is not finite, are as for `lamina::Trainer`.
template <class L, class O>
class Trainer {
  public:
    L loss;
    O optimizer;

    Trainer(Network& net, L loss_, O optimizer_)
        : loss{loss_}, optimizer{optimizer_}, net_{&net}, pass_{net.steps(), net.input()},
          targets_(net.output().size()), gradients_{net.padded_extent()} {
        list_trained(net.tensors(), [&](const ParameterTensor& t) { tensors_.push_back(t); });
        std::size_t blocks = 0;
        for (const ParameterTensor& t : tensors_)
            blocks += static_cast<std::size_t>((t.to - t.from + block - 1) / block);
        states_.resize(moves_tensors ? blocks : net.padded_extent() / Network::block);
        if (net.parameters().empty())
            raise(shape_error{"network_has_nothing_to_learn: a Trainer needs a layer with weights"});
        if constexpr (requires(std::string_view name) { L::describe_fault(dims{}, name); })
            if (const std::string_view what = L::describe_fault(net.output(), net.last_layer().name);
                !what.empty())
                raise(shape_error{"Trainer: the loss does not go with outputs of " + to_string(net.output()) +
                                  ", which " + std::string{std::string_view{net.last_layer().name}} +
                                  " computes: " + std::string{what}});
    }
    // The compilers show these lines with their comments.
    // clang-format off
    Trainer(const Trainer&) = delete; // a copy would train the network of the first: make a Trainer of each network, or hold both by std::unique_ptr
    Trainer& operator=(const Trainer&) = delete; // likewise: make a Trainer of each network, or hold both by std::unique_ptr
    // clang-format on

    [[nodiscard]] Network& model() noexcept { return *net_; }
    [[nodiscard]] const Network& model() const noexcept { return *net_; }

    /// One step on the samples `indices` of `data`. Returns the loss before the step. If the loss, its
    /// gradient or a parameter is not finite, it returns NaN and changes nothing. Throws as
    /// `lamina::Trainer::step` does.
    template <class Data>
    float step(const Data& data, std::span<const std::uint32_t> indices, double learning_rate,
               double l2 = 0) {
        require_step<float>(optimizer, learning_rate);
        const float mean = loss_and_gradient(data, indices, l2);
        if (is_finite(mean))
            update(learning_rate);
        return mean;
    }
    template <class Data>
    float step(const Data& data, std::span<const std::uint32_t> indices, double learning_rate, double l2,
               double clip_norm) {
        require_step<float>(optimizer, learning_rate);
        require_clip_norm(clip_norm);
        const float mean = loss_and_gradient(data, indices, l2);
        if (is_finite(mean)) {
            clip_gradients(clip_norm);
            update(learning_rate);
        }
        return mean;
    }
    template <class Data>
    float step(const Data& data, std::span<const std::uint32_t> indices) {
        return step(data, indices, optimizer.learning_rate);
    }

    /// The first half of a step: computes the loss of the samples and its gradient by all parameters, which
    /// `gradients()` then returns. Returns the loss, or NaN if the loss, its gradient or a parameter is not
    /// finite.
    template <class Data>
    float loss_and_gradient(const Data& data, std::span<const std::uint32_t> indices, double l2 = 0) {
        require_samples(data.size(), indices);
        require_fit(data, *net_, indices);
        if (Labelled<Data> && net_->output().size() == 1 && lamina::detail::classes_of<L>(1) != 2)
            raise<data_error>("labels 0 and 1 for one output need a loss of one logit: "
                              "ln::BinaryCrossEntropy{}");
        require_l2<float>(l2);
        require_loss(loss);
        require_something_moves(moving());
        const float* parameters = net_->parameters().data();
        require_unlike_units(parameters, net_->tensors());
        constexpr std::size_t lanes = native_lanes<float>;
        const float share = share_of_sample<float>(loss, data, indices);
        float sum = 0;
        pass_.prepare(net_->steps(), parameters);
        for (std::size_t first = 0; first < indices.size(); first += lanes)
            sum += accumulate(
                data, indices.subspan(first, indices.size() - first < lanes ? indices.size() - first : lanes),
                share, first == 0);
        clear_frozen(gradients_.data(), tensors_);
        const float mean =
            sum * share + add_penalty(parameters, gradients_.data(), moving(), static_cast<float>(l2));
        const int extent = static_cast<int>(gradients().size());
        if (is_finite(mean) && all_finite(gradients_.data(), extent) && all_finite(parameters, extent))
            return mean;
        return lamina::detail::not_a_number<float>();
    }
    /// Of data or a loss whose problem was reported: reports nothing more.
    template <class Data>
        requires(Broken<Data> || Broken<L>)
    float loss_and_gradient(const Data&, std::span<const std::uint32_t>, double = 0) noexcept { return 0; }
    /// Between the two halves: as `lamina::Trainer::clip_gradients`.
    double clip_gradients(double largest) {
        require_clip_norm(largest);
        return clip_norm(gradients_.data(), moving(), largest);
    }
    /// The second half: the optimiser's step along that gradient, block by block.
    void update(double learning_rate) {
        require_step<float>(optimizer, learning_rate);
        float* parameters = net_->parameters().data();
        const float* gradients = gradients_.data();
        State* state = states_.data();
        if constexpr (moves_tensors) {
            for (const ParameterTensor& t : tensors_)
                for (int from = t.from; from < t.to; from += block, ++state) {
                    const int size = t.to - from < block ? t.to - from : block;
                    const ParameterTensor part{0, t.layer, 0, size, size, t.is_weight};
                    if (!t.is_frozen)
                        optimizer.update(parameters + from, gradients + from, *state, learning_rate,
                                         MovingTensors{&part, 1});
                }
        } else {
            for (std::size_t i = 0; i < states_.size(); ++i, ++state)
                optimizer.update(parameters + i * Network::block, gradients + i * Network::block, *state,
                                 learning_rate);
        }
        clear_padding(parameters, tensors_);
    }
    /// Freezes a layer, "0", or its weight or bias alone, "0.bias": as `lamina::Trainer::freeze`.
    void freeze(std::string_view name) { set_frozen(name, true); }
    void unfreeze(std::string_view name) { set_frozen(name, false); }
    void freeze(int) = delete;   // freeze("0") takes the name of a layer
    void unfreeze(int) = delete; // unfreeze("0") takes the name of a layer

    /// The gradient, with the layout of the parameters.
    [[nodiscard]] std::span<const float> gradients() const noexcept {
        return {gradients_.data(), net_->parameters().size()};
    }

  private:
    static constexpr int block = static_cast<int>(Network::block);
    static constexpr bool moves_tensors = lamina::detail::MovesTensors<O, float>;
    using State = typename O::template State<float, block>;

    void set_frozen(std::string_view name, bool frozen) {
        if constexpr (!moves_tensors)
            static_assert(sizeof(typename problem::optimizer<O>::template cannot_freeze_layers<float>) > 0);
        else
            lamina::set_frozen(tensors_, net_->tensors(), name, frozen);
    }
    [[nodiscard]] MovingTensors moving() const noexcept { return {tensors_.data(), tensors_.size()}; }

    /// Adds the gradients of one pack, or overwrites them; returns the sum of its losses.
    /// A partial pack repeats its last sample in the unused lanes, with weight zero.
    template <class Data>
    float accumulate(const Data& data, std::span<const std::uint32_t> samples, float share,
                     bool overwrite) noexcept {
        LaneIndices indices;
        pack<float> weight = 0.0F;
        for (std::size_t r = 0; r < std::size_t{native_lanes<float>}; ++r) {
            indices[r] = samples[r < samples.size() ? r : samples.size() - 1];
            weight.set(static_cast<int>(r), static_cast<float>(r < samples.size()));
        }
        const View<pack<float>> t{targets_.data(), Layout{net_->output()}};
        feed(data, indices, pass_.input(), t);
        pass_.forward(net_->steps(), net_->parameters().data());
        const View<pack<float>> dy = pass_.output_gradient();
        const pack<float> losses = loss.loss_and_gradient(pass_.output(), t, dy);
        for (int i = 0; i < dy.size; ++i)
            dy[i] *= weight * pack<float>(share);
        pass_.backward(net_->steps(), net_->parameters().data(), gradients_.data(), overwrite);
        return lane_sum(losses * weight);
    }

    Network* net_;
    TrainingPass pass_;
    std::vector<pack<float>> targets_;
    AlignedNumbers gradients_;
    std::vector<ParameterTensor> tensors_;
    std::vector<State> states_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
