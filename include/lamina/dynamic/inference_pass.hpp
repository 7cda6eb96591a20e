// Inference of a run-time network: its operations, one after another, in a workspace.
#pragma once

#include <lamina/dynamic/structure.hpp>
#include <lamina/dynamic/workspace.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/map.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

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

    void forward(const Structure& s, const float* numbers) noexcept {
        kernels::has_effects();
        E* const more = workspace_.data() + s.inference.workspace.extent;
        for (int op = 0; op < s.inference.operations.count; ++op) {
            const topology::Operation& own = s.inference.operations.all[op];
            const Layer& layer = s.layer(own);
            for (int k = 0; k < s.table.elements[own.element].inputs; ++k)
                kernels::fill_halo_with_zeros(workspace_.value(s.table.input(own.element, k)));
            workspace_.copy_input(s, op);
            Call<E> call = workspace_.call(s, op, numbers, more, more + extent_of(layer.saved), nullptr,
                                           nullptr, {0, lanes_of<E>});
            if (layer.prepares_forward)
                layer.prepare(call.memory.trained, prepared_.data());
            call.prepared = prepared_.data();
            layer.infer(call);
        }
    }

  private:
    Workspace<E> workspace_;
    std::vector<float> prepared_; ///< of the layer that runs
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
