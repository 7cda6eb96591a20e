// A loss of one answer, at each step of a sequence.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/pack.hpp>
#include <lamina/shape.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// A view of a sequence, or of a shape known at run time, which may be one.
template <class V>
concept MayHaveSteps = !kernels::ConstantExtents<V> || SequenceShape<typename V::shape>;

/// The numbers of step k.
template <class V>
struct NumbersOfStep {
    using element = typename V::element;
    V v;
    int k, size;

    [[nodiscard, gnu::always_inline]] constexpr auto& operator[](int i) const {
        return v[answer_index(kernels::extents_of(v), k, i)];
    }
};

/// The mean of `of_answer(y, t, dy)` over the steps of a sequence, and its gradient; of another shape that of
/// all numbers.
template <class Y, class Target, class DY>
[[nodiscard]] constexpr auto mean_over_steps(Y y, Target t, DY dy, auto of_answer) noexcept {
    using E = typename DY::element;
    const int steps = kernels::answers_of(y), size = y.size / steps;
    const E share = E(scalar_of<E>(1) / static_cast<scalar_of<E>>(steps));
    E sum = E(0);
    for (int k = 0; k < steps; ++k)
        sum += of_answer(NumbersOfStep<Y>{y, k, size}, NumbersOfStep<Target>{t, k, size},
                         NumbersOfStep<DY>{dy, k, size});
    if (steps > 1)
        for (int i = 0; i < dy.size; ++i)
            dy[i] *= share;
    return E(sum * share);
}

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
