// Inference of a run-time network: its operations, one after another, in a workspace.
#pragma once

#include <lamina/dynamic/structure.hpp>
#include <lamina/dynamic/workspace.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// What a stream carries from one block of steps to the next: what layers save, and the last steps of values
/// that are read with steps before them.
class Carried {
  public:
    explicit Carried(const Structure& s) {
        long long extent = 0;
        for (const auto& layer : s.layers) {
            saved_.push_back(extent);
            extent += topology::aligned<float>(extent_of(layer->saved));
        }
        long long before = 0;
        for (int v = 0; v <= s.table.count; ++v) {
            const dims& extents = s.table.extents_of(v);
            before_.push_back(before);
            if (ends_in_time(extents))
                before += 1LL * s.inference.workspace.values[v].halo.left * extents.extent[0];
        }
        state.saved.resize(static_cast<std::size_t>(extent));
        state.before.resize(static_cast<std::size_t>(before));
        next_ = state.before;
    }

    struct State {
        std::vector<float> saved, before;
        std::uint64_t steps = 0; ///< that have gone by

        friend bool operator==(const State&, const State&) = default;
    } state;

    [[nodiscard]] float* saved(int layer) noexcept {
        return state.saved.data() + saved_[static_cast<std::size_t>(layer)];
    }
    /// Puts the steps before a value in front of it.
    void surround(int v, const View<float>& value) noexcept {
        const auto& g = value.geometry();
        const int steps = g.halo.left;
        for (int c = 0; c < g.channels; ++c) {
            float* const row = value.at(c, 0, 0);
            const auto at = static_cast<std::size_t>(before_[static_cast<std::size_t>(v)] + 1LL * c * steps);
            for (int j = 0; j < steps; ++j)
                row[j - steps] = state.before[at + static_cast<std::size_t>(j)];
            for (int j = 0; j < steps; ++j)
                next_[at + static_cast<std::size_t>(j)] = row[g.width - steps + j];
        }
    }
    /// After a block of so many steps.
    void advance(int steps) noexcept {
        state.before.swap(next_);
        state.steps += static_cast<unsigned>(steps);
    }

  private:
    std::vector<long long> saved_, before_; // of each layer, and of each value, where they begin
    std::vector<float> next_;
};

/// Inference of a pack of samples, or of one number each.
template <class E>
class InferencePass {
  public:
    InferencePass() = default;
    explicit InferencePass(const Structure& s) {
        long long more = 0, prepared = 0; // what a layer saves for backward, and its scratch memory
        for (const auto& layer : s.layers) {
            more = (std::max)(more, extent_of(layer->saved) + layer->scratch);
            prepared = (std::max)(prepared, layer->prepares_forward ? layer->prepared : 0);
        }
        prepared_.resize(static_cast<std::size_t>(prepared));
        // One sample is read and written by whole vectors, which may reach beyond its end.
        workspace_ = {s, s.inference, more + (lanes_of<E> == 1 ? 2 * native_lanes<float> : 0)};
    }

    [[nodiscard]] View<E> input() noexcept { return workspace_.value(0); }
    [[nodiscard]] View<E> output(const Structure& s) noexcept { return workspace_.value(s.table.result); }

    void forward(const Structure& s, const float* numbers, Carried* carried = nullptr) noexcept {
        kernels::has_effects();
        E* const more = workspace_.data() + s.inference.workspace.extent;
        PassSamples samples{0, lanes_of<E>};
        if (carried != nullptr)
            samples.step = carried->state.steps;
        for (int op = 0; op < s.inference.operations.count; ++op) {
            const topology::Operation& own = s.inference.operations.all[op];
            const Layer& layer = s.layer(own);
            for (int k = 0; k < s.table.elements[own.element].inputs; ++k)
                surround(s.table.input(own.element, k), carried);
            workspace_.copy_input(s, op);
            Call<E> call = workspace_.call(s, op, numbers, more, more + extent_of(layer.saved), nullptr,
                                           nullptr, samples);
            if constexpr (std::is_same_v<E, float>)
                if (carried != nullptr)
                    call.memory.saved = carried->saved(s.layer_of[static_cast<std::size_t>(own.element)]);
            if (layer.prepares_forward)
                layer.prepare(call.memory.trained, prepared_.data());
            call.prepared = prepared_.data();
            layer.infer(call);
        }
    }
    /// The output for the numbers of one sample.
    void answer(const Structure& s, const float* numbers, const float* x, float* y,
                Carried* carried = nullptr) noexcept requires std::is_same_v<E, float> {
        kernels::has_effects();
        for_runs(input(), input(), [&x](float* run, float*, int count) {
            std::copy(x, x + count, run);
            x += count;
        });
        forward(s, numbers, carried);
        for_runs(output(s), output(s), [&y](const float* run, const float*, int count) {
            std::copy(run, run + count, y);
            y += count;
        });
    }

  private:
    /// Around a value: zeros, or the steps before it.
    void surround(int v, [[maybe_unused]] Carried* carried) noexcept {
        const View<E> value = workspace_.value(v);
        if constexpr (std::is_same_v<E, float>)
            if (carried != nullptr && ends_in_time(value.geometry().extents))
                return carried->surround(v, value);
        kernels::fill_halo_with_zeros(value);
    }

    Workspace<E> workspace_;
    std::vector<float> prepared_; ///< of the layer that runs
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
