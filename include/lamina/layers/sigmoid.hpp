// Sigmoid: the logistic function.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Logistic function, whose outputs lie between 0 and 1.
///
///     y = 1 / (1 + e^-x)        dx = y (1 - y) dy
///
/// Results are within 4 units in the last place; nothing overflows, however large x is.
///
/// Shapes: x any shape; y the same.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.Sigmoid()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>, ln::Sigmoid>, ln::Shape<2>>;
///     static_assert(ln::sigmoid(0.0F) == 0.5F); // also a function, for numbers and packs
struct Sigmoid : Elementwise<Sigmoid> {
    static constexpr Text name = Text{} << "Sigmoid";
    static constexpr bool never_decreases = true;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return sigmoid(x);
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return y * (E(1) - y);
    }
};

} // namespace lamina

LAMINA_END_IEEE
