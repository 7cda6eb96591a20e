// HardSwish: SiLU from straight lines.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Swish (`SiLU`) with straight lines in place of the logistic function.
///
///     y = x min(max(x + 3, 0), 6) / 6        dx = (x / 3 + 1/2) dy where -3 < x < 3, else 0 below and dy
///     above
///
/// It falls to a minimum of -0.375 at x = -1.5 and rises again to 0, so its derivative needs x, which is
/// kept. -infinity gives NaN.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.Hardswish()`. Old versions have a derivative of -1/2 at -3 and of 3/2 at 3.
///
/// Source: Howard et al., Searching for MobileNetV3, arXiv:1905.02244, section 5.2.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Conv<8, 3, 2>, ln::HardSwish, ln::Dense<3>>, ln::Shape<3, 9, 9>>;
///     static_assert(ln::HardSwish::value(-4.0F) == 0 && ln::HardSwish::value(4.0F) == 4);
struct HardSwish : Elementwise<HardSwish> {
    static constexpr Text name = Text{} << "HardSwish";
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        const E above = x + E(3), open = select(above > E(6), E(6), select(above < E(0), E(0), above));
        return x * (open * E(scalar_of<E>(1) / scalar_of<E>(6)));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope_of_input(E x) noexcept {
        const E between = x * E(scalar_of<E>(1) / scalar_of<E>(3)) + E(scalar_of<E>(0.5));
        return select(x > E(-3), select(x < E(3), between, E(1)), E(0));
    }
};

} // namespace lamina

LAMINA_END_IEEE
