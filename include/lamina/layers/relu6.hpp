// ReLU6: x, kept between 0 and 6.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Rectified linear unit that ends at 6.
///
///     y = min(max(x, 0), 6)        dx = dy where 0 < y < 6, else 0
///
/// The derivative at 0 and at 6 is 0. NaN stays NaN.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.ReLU6()`.
///
/// Source: Howard et al., MobileNets, arXiv:1704.04861.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Conv<8, 3, 2>, ln::ReLU6, ln::Dense<3>>, ln::Shape<3, 9, 9>>;
///     static_assert(ln::ReLU6::value(-1.0F) == 0 && ln::ReLU6::value(7.5F) == 6);
struct ReLU6 : Elementwise<ReLU6> {
    static constexpr Text name = Text{} << "ReLU6";
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return select(x > E(6), E(6), select(x < E(0), E(0), x));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return select(y > E(0), select(y < E(6), E(1), E(0)), E(0));
    }
};

} // namespace lamina

LAMINA_END_IEEE
