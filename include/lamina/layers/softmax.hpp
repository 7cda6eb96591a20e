// Softmax: scores to probabilities.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y(i) = e^(x(i) - m) / sum over j of e^(x(j) - m), with m the largest x, so that nothing overflows.
///
/// Over all elements of its input, whatever its shape. dx(i) = y(i) (dy(i) - sum over j of dy(j) y(j)).
/// To train a classifier leave it out: `SoftmaxCrossEntropy` takes the scores before it, and is exact where
/// the logarithm of a softmax is not. As `torch.nn.Softmax`.
struct Softmax {
    static constexpr Text name = Text{} << "Softmax";

    template <class In>
    using output = In;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        using E = typename decltype(y)::element;
        E largest = x[0];
        for (int i = 1; i < x.size; ++i)
            largest = (max)(largest, E(x[i]));
        E sum = E(0);
        for (int i = 0; i < x.size; ++i) {
            y[i] = exp_of_twice(half_difference(E(x[i]), largest));
            sum += y[i];
        }
        const E share = E(1) / sum;
        for (int i = 0; i < x.size; ++i)
            y[i] *= share;
    }
    static constexpr void input_gradient(auto /*x*/, auto y, auto dy, auto /*p*/, auto dx) noexcept {
        using E = typename decltype(dx)::element;
        E dot = E(0);
        for (int i = 0; i < y.size; ++i)
            dot += dy[i] * y[i];
        for (int i = 0; i < y.size; ++i)
            dx[i] = y[i] * (dy[i] - dot);
    }
};

} // namespace lamina

LAMINA_END_IEEE
