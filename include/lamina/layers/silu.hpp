// SiLU: x times its logistic function.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/distributions.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Sigmoid linear unit, also called swish: x times its logistic function.
///
///     y = x s(x),  s(x) = 1 / (1 + e^-x)        dx = (s(x) + x s(x) s(-x)) dy
///
/// It falls to a minimum of -0.278 at x = -1.278 and rises again towards 0, so its derivative needs x, which
/// is kept. Nothing overflows, however large x is; -infinity gives NaN.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.SiLU()`.
///
/// Source: Elfwing, Uchibe & Doya, arXiv:1702.03118; Ramachandran, Zoph & Le, arXiv:1710.05941.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::SiLU, ln::Dense<3>>, ln::Shape<8>>;
///     static_assert(ln::SiLU::value(0.0F) == 0 && ln::SiLU::slope_of_input(0.0F) == 0.5F);
struct SiLU : Elementwise<SiLU> {
    static constexpr Text name = Text{} << "SiLU";
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return x * sigmoid(x);
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope_of_input(E x) noexcept {
        const auto at = detail::logistic(x);
        return at.below + x * at.density;
    }
};

} // namespace lamina

LAMINA_END_IEEE
