// Tanh: the hyperbolic tangent.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Hyperbolic tangent, whose outputs lie between -1 and 1.
///
///     y = tanh x        dx = (1 - y^2) dy
///
/// Results are within 4 units in the last place.
///
/// Shapes: x any shape; y the same.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.Tanh()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>>, ln::Shape<2>>;
///     static_assert(ln::tanh(0.5F) > 0.46F); // also a function, for numbers and packs
struct Tanh : Elementwise<Tanh> {
    static constexpr Text name = Text{} << "Tanh";
    static constexpr bool never_decreases = true;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return tanh(x);
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return E(1) - y * y;
    }
};

} // namespace lamina

LAMINA_END_IEEE
