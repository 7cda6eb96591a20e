// The memory in which a run-time network computes, allocated once: its values and their gradients.
#pragma once

#include <lamina/dynamic/structure.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/pass_context.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// Views of a workspace, and the arguments of its operations.
template <class E>
class Workspace {
  public:
    Workspace() = default;
    /// With room for so many elements behind what the plan says.
    Workspace(const Structure& structure, const Plan& plan, long long more)
        : plan_{&plan}, memory_(static_cast<std::size_t>(plan.workspace.extent + more)) {
        std::size_t most = 1;
        for (const auto& layer : structure.layers)
            most = (std::max)(most, layer->inputs.size());
        inputs_.resize(most);
        for (int v = 0; v <= structure.table.count; ++v) {
            const topology::StoredValue& stored = plan.workspace.values[v];
            const dims& extents = structure.table.extents_of(v);
            values_.push_back(
                {Layout<AnyShape>{extents, stored.halo}, stored.offset, stored.is_computed_again});
            copies_.push_back(
                {Layout<AnyShape>{extents}, stored.has_copy() ? stored.copy_start(extents) : -1});
            gradients_.push_back({Layout<AnyShape>{structure.table.extents_of(v), stored.gradient_halo},
                                  stored.gradient_offset});
        }
    }

    [[nodiscard]] E* data() noexcept { return memory_.data(); }
    /// Puts what is computed again in backward into the memory of another.
    void share(Workspace& other) noexcept { shared_ = other.data(); }
    [[nodiscard]] View<E> value(int v) noexcept { return view(values_[static_cast<std::size_t>(v)]); }
    [[nodiscard]] View<E> gradient(int v) noexcept { return view(gradients_[static_cast<std::size_t>(v)]); }

    /// Input `k` of an operation, or its copy without halo, which `copy_input` makes.
    [[nodiscard]] View<E> input(const Structure& s, int op, int k = 0) noexcept {
        const topology::Operation& own = plan_->operations.all[op];
        const int v = s.table.input(own.element, k);
        const Place& copy = copies_[static_cast<std::size_t>(v)];
        return copy.offset < 0 || s.table.elements[own.element].facts.takes_halo ? value(v) : view(copy);
    }
    void copy_input(const Structure& s, int op) noexcept {
        const View<E> from = value(s.table.input(plan_->operations.all[op].element)), to = input(s, op);
        if (from.data() != to.data())
            kernels::copy(View<const E>{from}, to);
    }

    /// The arguments of operation `op`. `numbers` are those of all layers.
    [[nodiscard]] Call<E> call(const Structure& s, int op, const float* numbers, E* saved, E* scratch,
                               double* batch, double* gradient_statistics,
                               const PassSamples& samples) noexcept {
        const topology::Operation& own = plan_->operations.all[op];
        const topology::Element& element = s.table.elements[own.element];
        const topology::OperationMemory& memory = plan_->workspace.operations[op];
        for (int k = 0; k < element.inputs; ++k)
            inputs_[static_cast<std::size_t>(k)] = input(s, op, k);
        return {{numbers + element.trained_offset, saved, numbers + s.table.trained + element.kept_offset,
                 batch + memory.gathered_offset, gradient_statistics + memory.gathered_gradient_offset,
                 nullptr, samples, s.layer_of[static_cast<std::size_t>(own.element)]},
                inputs_.data(),
                value(own.output),
                s.activation(own),
                scratch,
                s.table.is_exact};
    }

  private:
    struct Place {
        Layout<AnyShape> layout;
        long long offset;
        bool is_shared = false;
    };
    [[nodiscard]] View<E> view(const Place& p) noexcept {
        return {(p.is_shared && shared_ != nullptr ? shared_ : memory_.data()) + p.offset, p.layout};
    }

    const Plan* plan_ = nullptr;
    std::vector<E> memory_;
    E* shared_ = nullptr;
    std::vector<Place> values_, copies_, gradients_;
    std::vector<View<const E>> inputs_;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
