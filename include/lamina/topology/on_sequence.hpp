// What a layer does with a sequence: it takes the whole, or works on each step; and whether it fits.
#pragma once

#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/topology/check.hpp>
#include <lamina/topology/each_step.hpp>

namespace lamina::inline LAMINA_ABI::topology {

/// Whether a layer takes a sequence as a whole, of vectors, or of images too. Others work on each step.
template <class L>
[[nodiscard]] constexpr bool takes_sequence(const dims& in) noexcept {
    constexpr bool is_activation = requires {
        requires L::is_activation;
    };
    constexpr bool takes_images = requires {
        requires L::takes_images;
    };
    return is_activation || (requires { L::sees; } && (ends_in_time(in) || takes_images));
}
/// The layer that computes `L`: itself, or, on a sequence, one that runs it on each step.
template <bool OnEachStep>
struct computed_as {
    template <class L>
    using of = L;
};
template <>
struct computed_as<true> {
    template <class L>
    using of = EachStep<L>;
};
/// Whether a layer fits a sequence, or a step of it.
template <class L, class In, class Where, bool Strictly>
[[nodiscard]] consteval auto check_on_sequence() {
    if constexpr (takes_sequence<L>(In::extents)) {
        if constexpr (StreamShape<In> && requires { requires L::sees == Sees::all; })
            return fault<typename Where::looks_ahead>{};
        else
            return check_layer<L, In, Where, Strictly>();
    } else if constexpr (requires {
                             typename decltype(check_layer<L, step_of<In>, Where, Strictly>())::type;
                         }) {
        return check_layer<L, step_of<In>, Where, Strictly>();
    } else {
        using Out = typename L::template output<step_of<In>>;
        if constexpr (Out::rank != 1 && Out::rank != 3)
            return fault<typename Where::template gives<Out>::at_each_step_of_a_sequence>{};
        else
            return none{};
    }
}

} // namespace lamina::inline LAMINA_ABI::topology
