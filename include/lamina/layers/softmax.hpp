// Softmax: scores to probabilities.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Probabilities of classes from their scores: all are positive, and their sum is 1.
///
///     y(i) = e^x(i) / sum over j of e^x(j)        dx(i) = y(i) (dy(i) - sum over j of dy(j) y(j))
///
/// The sum is taken over all elements, whatever the shape. The largest score is subtracted from all before
/// the exponential, so nothing overflows. To train a classifier leave this layer out: `SoftmaxCrossEntropy`
/// takes the scores before it, and is exact where the logarithm of a softmax is not.
///
/// Shapes: x any shape; y the same.
///
/// Errors: a network that ends in it and is trained with `SoftmaxCrossEntropy`, which would take the softmax
/// twice, does not compile.
///
/// PyTorch: `torch.nn.Softmax(dim=...)` over all dimensions but the batch's.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<3>, ln::Softmax>, ln::Shape<2>>;
///     const Model::Output y = Model{}.forward(Model::Input{}); // a third each
///     const float sum = y[0] + y[1] + y[2];
struct Softmax {
    static constexpr Text name = Text{} << "Softmax";

    static constexpr bool takes_halo = true;

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
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto y, auto dy, auto /*p*/, auto dx) noexcept {
        using E = typename decltype(dx)::element;
        E dot = E(0);
        for (int i = 0; i < y.size; ++i)
            dot += dy[i] * y[i];
        for (int i = 0; i < y.size; ++i)
            kernels::store<How>(dx[i], E(y[i] * (dy[i] - dot)));
    }
};

} // namespace lamina

LAMINA_END_IEEE
