// Sigmoid: the logistic function.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y = 1 / (1 + e^-x). Any shape; dx = y (1 - y) dy. As `torch.nn.Sigmoid`.
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
