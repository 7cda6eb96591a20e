// Tanh: the hyperbolic tangent.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y = tanh x. Any shape; dx = (1 - y^2) dy. As `torch.nn.Tanh`.
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
