// ReLU: max(x, 0).
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// y = max(x, 0). Any shape; the derivative at 0 is 0. As `torch.nn.ReLU`.
struct ReLU : Elementwise<ReLU> {
    static constexpr Text name = Text{} << "ReLU";
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return select(x < E(0), E(0), x);
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return select(y > E(0), E(1), E(0));
    }
};

} // namespace lamina

LAMINA_END_IEEE
