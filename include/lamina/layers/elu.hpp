// ELU: x, or below zero an exponential that ends at -alpha.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Exponential linear unit: negative numbers approach -alpha.
///
///     y = x where x > 0, else a (e^x - 1)        dx = dy where y > 0, else (y + a) dy
///     with a = Numerator / Denominator
///
/// The derivative at 0 is a. Alpha is a fraction because template arguments are whole numbers: `ELU<1, 2>`
/// has an alpha of 0.5.
///
/// Arguments: `Numerator` and `Denominator` of alpha, 1 and 1 by default; each at least 1. Write `ELU<>` for
/// the default.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: none. The weight of the layer before it is drawn by He's rule.
///
/// Errors: an alpha of 0 or below does not compile.
///
/// PyTorch: `torch.nn.ELU(alpha=a)`, with the same default of 1.
///
/// Source: Clevert, Unterthiner & Hochreiter, arXiv:1511.07289, equation 15.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::ELU<>, ln::Dense<3>>, ln::Shape<8>>;
///     static_assert(ln::ELU<>::value(-100.0F) == -1 && ln::ELU<1, 2>::value(-100.0F) == -0.5F);
template <int Numerator, int Denominator>
struct ELU : Elementwise<ELU<Numerator, Denominator>> {
    static constexpr Text name =
        Numerator == 1 && Denominator == 1 ? named("ELU") : named("ELU", Numerator, Denominator);
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0;
    static constexpr double alpha = static_cast<double>(Numerator) / static_cast<double>(Denominator);

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Numerator < 1 || Denominator < 1)
            return fault<typename Where::template alpha<Numerator, Denominator>::must_be_above_zero>{};
        else
            return none{};
    }

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return select(x > E(0), x, E(scalar_of<E>(alpha)) * exp_minus_one(select(x > E(0), E(0), x)));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return select(y > E(0), E(1), y + E(scalar_of<E>(alpha)));
    }
};

} // namespace lamina

LAMINA_END_IEEE
