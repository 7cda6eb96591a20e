// What a run-time network runs: its steps, and the buffers they run in, allocated once.
#pragma once

#include <lamina/dynamic/layer.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/parameters.hpp>
#include <lamina/topology/operation_arguments.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// A layer and the activation it takes along.
struct Step {
    const Layer* layer = nullptr;
    const Activation* after = nullptr;
    const Activation* before = nullptr; ///< the activation whose result the input is
    std::size_t weight = 0, bias = 0;   ///< where they start among the parameters
    Layout x, y;                        ///< of the buffers, without halo
};

/// Where a layer's weight and bias begin in the flat array.
struct LayerPlace {
    std::size_t weight = 0, bias = 0;
};

using Layers = std::vector<std::shared_ptr<const Layer>>;

/// From layers to steps: activations go along with the layer before them, or, if they never decrease, with
/// the max pool behind them, where there is less to do and the result is the same. Layers that only reshape
/// vanish. `places` has an entry for each layer.
[[nodiscard]] inline std::vector<Step> steps_of(const Layers& layers, const std::vector<LayerPlace>& places) {
    std::vector<Step> steps;
    Layout stored{layers.front()->input};
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Layer& layer = *layers[i];
        if (layer.only_reshapes)
            continue;
        const Activation* activation = layer.as_activation();
        if (activation != nullptr && !steps.empty() && steps.back().after == nullptr &&
            steps.back().layer->forgets_output) {
            steps.back().after = activation;
            continue;
        }
        Step step;
        step.layer = &layer;
        if (layer.is_max_pool && !steps.empty() && steps.back().after != nullptr &&
            steps.back().after->never_decreases()) {
            step.after = steps.back().after;
            steps.back().after = nullptr;
        }
        if (!steps.empty())
            step.before = steps.back().after;
        step.weight = places[i].weight;
        step.bias = places[i].bias;
        step.x = stored;
        if (!(layer.input == layer.output))
            stored = Layout{layer.output};
        step.y = stored;
        steps.push_back(step);
    }
    return steps;
}

[[nodiscard]] inline Layout with_halo(const Layout& l, int halo) noexcept {
    return Layout{l.extents, halo};
}

/// Inference of a pack of samples, or of one number each: activations two at a time, at the two ends of one
/// buffer.
template <class E>
class InferencePass {
  public:
    InferencePass() = default;
    InferencePass(const std::vector<Step>& steps, const dims& input) {
        layouts_.push_back(Layout{input});
        for (const Step& s : steps) {
            layouts_.back() = with_halo(s.x, s.layer->input_halo);
            layouts_.push_back(s.y);
        }
        std::size_t extent = layouts_.front().extent();
        for (std::size_t b = 0; b + 1 < layouts_.size(); ++b) {
            const std::size_t both = layouts_[b].extent() + layouts_[b + 1].extent();
            extent = both > extent ? both : extent;
        }
        values_.resize(extent + margin);
        std::size_t scratch = 0;
        for (const Step& s : steps)
            scratch = (std::max)(scratch, static_cast<std::size_t>(s.layer->scratch));
        if constexpr (lanes_of<E> == 1)
            scratch_.resize(scratch);
    }

    [[nodiscard]] View<E> input() noexcept { return activation(0); }
    [[nodiscard]] View<E> output() noexcept { return activation(layouts_.size() - 1); }

    void forward(const std::vector<Step>& steps, const float* parameters) noexcept {
        kernels::has_effects();
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Step& s = steps[i];
            const View<E> x = activation(i);
            fill_halo_with_zeros(x);
            s.layer->forward({x, parameters + s.weight, parameters + s.bias, activation(i + 1), nullptr,
                              s.after, scratch_.data()});
        }
    }

  private:
    [[nodiscard]] View<E> activation(std::size_t b) noexcept {
        const std::size_t at = b % 2 == 0 ? 0 : values_.size() - margin - layouts_[b].extent();
        return {values_.data() + at, layouts_[b]};
    }

    /// One sample is read and written by whole vectors, which may reach beyond its end.
    static constexpr std::size_t margin = lanes_of<E> == 1 ? 2 * std::size_t{native_lanes<float>} : 0;

    std::vector<Layout> layouts_;
    std::vector<E> values_;
    std::vector<pack<float>> scratch_;
};

/// Training: all activations and argmaxes are kept; gradients lie two at a time at the ends of one buffer.
class TrainingPass {
  public:
    TrainingPass(const std::vector<Step>& steps, const dims& input)
        : layouts_{Layout{input}}, gradients_{Layout{}} {
        std::size_t kept = 0, prepared = 0, extent = 0;
        const auto place = [&kept](std::size_t count) {
            const std::size_t at = kept;
            kept += count;
            return at;
        };
        for (const Step& s : steps) {
            layouts_.back() = with_halo(s.x, s.layer->input_halo);
            layouts_.push_back(s.y);
            gradients_.push_back(with_halo(s.y, s.layer->gradient_halo));
        }
        for (std::size_t b = 0; b < layouts_.size(); ++b)
            activations_at_.push_back(place(layouts_[b].extent()));
        for (const Step& s : steps) {
            argmax_at_.push_back(place(static_cast<std::size_t>(s.layer->argmax_size)));
            prepared_at_.push_back(prepared);
            prepared += static_cast<std::size_t>(s.layer->prepared_size);
        }
        for (std::size_t b = 1; b < gradients_.size(); ++b) {
            const std::size_t dx = b > 1 ? gradients_[b - 1].extent() : 0;
            const std::size_t both = dx + gradients_[b].extent();
            extent = both > extent ? both : extent;
        }
        values_.resize(kept);
        gradient_values_.resize(extent);
        prepared_.resize(prepared);
    }

    [[nodiscard]] View<pack<float>> input() noexcept { return activation(0); }
    [[nodiscard]] View<pack<float>> output() noexcept { return activation(layouts_.size() - 1); }
    [[nodiscard]] View<pack<float>> output_gradient() noexcept { return gradient(layouts_.size() - 1); }

    /// To be called when the parameters have changed, before `backward`.
    void prepare(const std::vector<Step>& steps, const float* parameters) noexcept {
        for (std::size_t i = 1; i < steps.size(); ++i)
            steps[i].layer->prepare(parameters + steps[i].weight, prepared_.data() + prepared_at_[i]);
    }

    void forward(const std::vector<Step>& steps, const float* parameters) noexcept {
        kernels::has_effects();
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const Step& s = steps[i];
            s.layer->forward({activation(i), parameters + s.weight, parameters + s.bias, activation(i + 1),
                              values_.data() + argmax_at_[i], s.after, nullptr});
        }
    }

    void backward(const std::vector<Step>& steps, const float* parameters, float* gradients,
                  bool overwrite) noexcept {
        topology::NoTurns turns;
        backward(steps, parameters, gradients, overwrite, turns);
    }
    /// Adds to `gradients`, or overwrites them. Overwrites the output's gradient. If several passes share the
    /// gradients, `turns` decides whose turn it is.
    void backward(const std::vector<Step>& steps, const float* parameters, float* gradients, bool overwrite,
                  auto& turns) noexcept {
        kernels::has_effects();
        if (steps.empty())
            return;
        const View<pack<float>> y = output();
        if (const Activation* last = steps.back().after)
            for_runs(output_gradient(), y, [last](pack<float>* dy, const pack<float>* values, int count) {
                last->multiply_slope(dy, values, count);
            });
        for (std::size_t i = steps.size(); i-- > 0;) {
            const Step& s = steps[i];
            const View<pack<float>> dz = gradient(i + 1);
            fill_halo_with_zeros(dz);
            turns.wait(static_cast<int>(i));
            s.layer->backward({activation(i), activation(i + 1), dz, parameters + s.weight,
                               prepared_.data() + prepared_at_[i], values_.data() + argmax_at_[i],
                               i > 0 ? gradient(i) : View<pack<float>>{}, s.before, gradients + s.weight,
                               gradients + s.bias, overwrite});
            turns.pass_on(static_cast<int>(i));
        }
    }

  private:
    /// Halos are zero from the start: nothing else is ever written there.
    [[nodiscard]] View<pack<float>> activation(std::size_t b) noexcept {
        return {values_.data() + activations_at_[b], layouts_[b]};
    }
    [[nodiscard]] View<pack<float>> gradient(std::size_t b) noexcept {
        const std::size_t at = b % 2 == 0 ? 0 : gradient_values_.size() - gradients_[b].extent();
        return {gradient_values_.data() + at, gradients_[b]};
    }

    std::vector<Layout> layouts_, gradients_;
    std::vector<std::size_t> activations_at_, argmax_at_, prepared_at_;
    std::vector<pack<float>> values_, gradient_values_;
    std::vector<float> prepared_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
