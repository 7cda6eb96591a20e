// GELU: x times the normal distribution function, and GELUTanh, an approximation of it.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/distributions.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Gaussian error linear unit: x times the probability that a normal random number is below x.
///
///     y = x P(x),  P(x) = (1 + erf(x / sqrt 2)) / 2        dx = (P(x) + x P'(x)) dy
///
/// It falls to a minimum of -0.170 at x = -0.752 and rises again towards 0, so its derivative needs x, which
/// is kept. Values are within 9 units in the last place, also far below 0, where the formula has no digits
/// left. -infinity gives NaN.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.GELU()`, which is `torch.nn.GELU(approximate="none")`.
///
/// Source: Hendrycks & Gimpel, arXiv:1606.08415.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::GELU, ln::Dense<3>>, ln::Shape<8>>;
///     static_assert(ln::GELU::value(0.0F) == 0 && ln::GELU::slope_of_input(0.0F) == 0.5F);
///     static_assert(ln::erf(0.5F) > 0.52F); // also a function, for numbers and packs
struct GELU : Elementwise<GELU> {
    static constexpr Text name = Text{} << "GELU";
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return x * detail::normal(x).below;
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope_of_input(E x) noexcept {
        const auto at = detail::normal(x);
        return at.below + x * at.density;
    }
};

/// Approximation of `GELU` by a hyperbolic tangent, which differs from it by less than 0.0005.
///
///     y = x (1 + tanh u(x)) / 2,  u(x) = sqrt(2 / pi) (x + 0.044715 x^3)
///     dx = ((1 + tanh u(x)) / 2 + x u'(x) (1 - tanh^2 u(x)) / 2) dy
///
/// It is what networks have that were trained with it, such as GPT-2. Nothing overflows, however large x is;
/// -infinity gives NaN.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.GELU(approximate="tanh")`.
///
/// Source: Hendrycks & Gimpel, arXiv:1606.08415.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::GELUTanh, ln::Dense<3>>, ln::Shape<8>>;
///     static_assert(ln::GELUTanh::value(0.0F) == 0 && ln::GELUTanh::value(50.0F) == 50);
struct GELUTanh : Elementwise<GELUTanh> {
    static constexpr Text name = Text{} << "GELUTanh";
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return x * sigmoid(argument(bounded(x)));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope_of_input(E x) noexcept {
        using T = scalar_of<E>;
        const E b = bounded(x), slope = mul_add(b * b, T(3 * cubic), E(T(linear)));
        const auto at = detail::logistic(argument(b));
        return at.below + b * (at.density * slope);
    }

  private:
    // (1 + tanh u) / 2 = sigmoid(2 u), and 2 u(x) = linear x + cubic x^3.
    static constexpr double linear = 1.5957691216057307118, cubic = 0.044715 * linear;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E argument(E x) noexcept {
        using T = scalar_of<E>;
        return x * mul_add(x * x, T(cubic), E(T(linear)));
    }
    /// The sigmoid is 0 or 1 in either format long before 32.
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E bounded(E x) noexcept {
        return select(x > E(32), E(32), select(x < E(-32), E(-32), x));
    }
};

} // namespace lamina

LAMINA_END_IEEE
