// What a training pass carries from one window of a sequence to the next: what its layers list, and the last
// steps of values that are read with steps before them.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/tensor_lists.hpp>
#include <lamina/topology/placed.hpp>
#include <lamina/topology/storage.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// How many elements an operation's layer carries. They lie behind what it saves.
template <class P>
inline constexpr int carried_elements = [] {
    if constexpr (detail::ListsCarried<typename P::layer, typename P::input>)
        return elements_of<typename P::layer::template carried<typename P::input, float>>;
    else
        return 0;
}();
template <>
inline constexpr int carried_elements<void> = 0;

/// Where the carried elements of each operation and of each value begin, and how many they are in all.
template <int Operations, int Values>
struct CarriedPlan {
    int of_operation[std::size_t{Operations + 1}] = {}, of_value[std::size_t{Values + 1}] = {};
    int extent = 0;
};
/// Whether a network has layers along time. (Others carry nothing.)
[[nodiscard]] constexpr bool runs_along_time(const auto& table) noexcept {
    for (int e = 0; e < table.count; ++e)
        if (table.elements[e].output.is_sequence || table.elements[e].facts.steps_before != 0)
            return true;
    return table.shape.is_sequence;
}
/// Whether a value is a sequence that is read with steps around it.
[[nodiscard]] constexpr bool is_surrounded(const auto& flow, const auto& workspace, int value) noexcept {
    return ends_in_time(flow.table.extents_of(value)) && flow.is_stored(value) &&
           workspace.values[value].halo != pad{};
}
template <class Plan, bool InputGradient>
inline constexpr auto carried_plan = [] {
    using F = typename Plan::Training;
    CarriedPlan<F::count, F::values> plan;
    with_indices<F::count>([&](auto... i) {
        ((plan.of_operation[i] = plan.extent,
          plan.extent += carried_elements<typename F::template at<i>::placed>),
         ...);
    });
    for (int v = 0; v < F::values; ++v) {
        plan.of_value[v] = plan.extent;
        if (is_surrounded(F::flow, Plan::template training<InputGradient>, v))
            plan.extent +=
                Plan::template training<InputGradient>.values[v].halo.left * F::table.extents_of(v).extent[0];
    }
    return plan;
}();

/// Where the layer of operation `I` has what it carries: so many elements, in the pass and in the state.
template <class Plan, bool InputGradient, int I>
struct CarriedByLayer {
    using code = typename Plan::Training::template at<I>;
    static constexpr int count = carried_elements<typename code::placed>;
    static constexpr bool carries_gradients = requires { code::placed::layer::carries_gradients; };
    static constexpr int offset = carried_plan<Plan, InputGradient>.of_operation[I];
    static constexpr long long start =
        Plan::template training<InputGradient>.operations[I].saved_offset + code::saved - count;
};
/// What a pass carries: where it is read, or null where the sequence begins, and where it will be, or null;
/// and the gradients of what it carries to the end, which become those at the beginning: null, if zero.
template <class E>
struct CarriedState {
    const E* from = nullptr;
    E *to = nullptr, *gradients = nullptr;

    /// Before a layer's forward, and after it.
    template <class Of>
    constexpr void enter(E* memory) const noexcept {
        for (int k = 0; k < Of::count; ++k)
            if (from != nullptr)
                memory[Of::start + k] = from[Of::offset + k];
            else
                memory[Of::start + k] = E(scalar_of<E>(0));
    }
    template <class Of>
    constexpr void leave(const E* memory) const noexcept {
        for (int k = 0; k < Of::count && to != nullptr; ++k)
            to[Of::offset + k] = memory[Of::start + k];
    }
    /// The same of backward.
    template <class Of>
    constexpr void enter_backward(E* memory) const noexcept {
        for (int k = 0; k < Of::count && Of::carries_gradients; ++k)
            if (gradients != nullptr)
                memory[Of::start + k] = gradients[Of::offset + k];
            else
                memory[Of::start + k] = E(scalar_of<E>(0));
    }
    template <class Of>
    constexpr void leave_backward(const E* memory) const noexcept {
        for (int k = 0; k < Of::count && Of::carries_gradients && gradients != nullptr; ++k)
            gradients[Of::offset + k] = memory[Of::start + k];
    }
    /// Puts steps around a value: those before it, and zeros behind it.
    template <class V>
    constexpr void surround(V value, int offset) const noexcept {
        using L = typename V::layout;
        constexpr int steps = L::halo.left;
        kernels::fill_halo_with_zeros(value);
        for (int c = 0; c < L::channels; ++c) {
            E* const channel = value.data() + std::ptrdiff_t{c} * L::plane;
            if (from != nullptr)
                for (int t = 0; t < steps; ++t)
                    channel[t - steps] = from[offset + c * steps + t];
            if (to != nullptr)
                for (int t = 0; t < steps; ++t)
                    to[offset + c * steps + t] = channel[L::width + t - steps];
        }
    }
};
/// Memory of a pass that lies in others.
template <class E>
struct Elsewhere {
    E* shared = nullptr; ///< values that are computed again: with those of another pass
    CarriedState<E> carried;
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
