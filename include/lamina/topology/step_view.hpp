// A step of a sequence as a vector or an image, for a layer that knows no time.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/tensor_lists.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// How a layer wants an image: where it lies, or, of one sample, a copy with the channels last and that halo.
struct StepWish {
    pad halo{};
    Order order = Order::planes;
};
/// Memory of a copy of a step.
template <class E, class S, StepWish Wish>
struct StepCopy {
    alignas(64) E elements[static_cast<std::size_t>(stored_extent(S::extents, Wish.halo, Wish.order))];

    [[nodiscard]] constexpr auto view() noexcept {
        return View<E, S, Wish.halo, Wish.order>{static_cast<E*>(elements) +
                                                 stored_origin(S::extents, Wish.halo, Wish.order)};
    }
};

/// Step t of a sequence: where it lies, if it lies as it is wanted, or a copy.
template <class V, StepWish Wish>
struct StepOf {
    using element = typename V::element;
    using shape = step_of<typename V::shape>;
    using layout = typename V::layout;
    static constexpr bool is_image = shape::rank == 3;
    static constexpr bool is_there =
        is_image ? Wish.order == V::order : layout::pixel == shape::size || shape::size == 1;
    static constexpr std::ptrdiff_t distance =
        is_image ? std::ptrdiff_t{shape::extents[0]} * layout::plane : layout::pixel;
    using storage = std::conditional_t<is_there, NoTensors, StepCopy<element, shape, Wish>>;

    V sequence;
    int t;
    [[no_unique_address]] storage copy;

    [[nodiscard, gnu::always_inline]] constexpr auto view() noexcept {
        if constexpr (is_there)
            return View < std::remove_pointer_t<decltype(sequence.data())>, shape,
                   is_image ? V::halo : pad{} > {sequence.data() + t * distance};
        else
            return copy.view();
    }
    [[gnu::always_inline]] constexpr void read() noexcept {
        if constexpr (!is_there) {
            if constexpr (Wish.halo != pad{})
                for (element& e : copy.elements)
                    e = element(scalar_of<element>(0));
            const auto to = copy.view();
            for (int i = 0; i < shape::size; ++i)
                to[i] = at_step(sequence, t, i);
        }
    }
    [[gnu::always_inline]] constexpr void write() noexcept {
        if constexpr (!is_there) {
            const auto from = copy.view();
            for (int i = 0; i < shape::size; ++i)
                at_step(sequence, t, i) = from[i];
        }
    }
};
template <StepWish Wish = StepWish{}, class V>
[[nodiscard]] constexpr auto step_at(V sequence, int t) noexcept {
    return StepOf<V, Wish>{sequence, t, {}};
}
template <StepWish Wish = StepWish{}, class V>
[[nodiscard]] constexpr auto read_step(V sequence, int t) noexcept {
    auto step = step_at<Wish>(sequence, t);
    step.read();
    return step;
}

/// What is applied to the results of a sequence, for those of step t: of vectors, or of images of that shape.
template <class After, class S>
struct AfterStep {
    After after;
    int t;

    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(const E& e, int o) const noexcept {
        return after(e, o, t);
    }
    template <class E>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(const E& e, int c, int i,
                                                             auto j) const noexcept {
        return after(e, t * S::extents[0] + c, i, j);
    }
};

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
