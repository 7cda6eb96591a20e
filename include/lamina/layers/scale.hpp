// Scale: x times a fixed factor.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Product with a fixed factor, which is not trained.
///
///     y = a x        dx = a dy
///     with a = Numerator / Denominator
///
/// The factor is a fraction because template arguments are whole numbers: `Scale<1, 50>` multiplies by 0.02.
///
/// Arguments: `Numerator`, not 0, and `Denominator`, 1 by default and at least 1, of the factor a.
///
/// Shapes: x any shape; y the same.
///
/// Errors: a factor of 0 and a denominator below 1 do not compile.
///
/// PyTorch: the expression `a * x`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::Tanh, ln::Dense<1>, ln::Scale<1, 50>>,
///     ln::Shape<8>>; static_assert(ln::Scale<1, 50>::factor == 0.02);
template <int Numerator, int Denominator>
struct Scale : Elementwise<Scale<Numerator, Denominator>> {
    static constexpr Text name =
        Denominator == 1 ? named("Scale", Numerator) : named("Scale", Numerator, Denominator);
    static constexpr bool never_decreases = Numerator > 0;
    static constexpr double factor = static_cast<double>(Numerator) / static_cast<double>(Denominator);

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Numerator == 0)
            return fault<typename Where::template factor<Numerator, Denominator>::must_not_be_zero>{};
        else if constexpr (Denominator < 1)
            return fault<
                typename Where::template factor<Numerator, Denominator>::has_no_positive_denominator>{};
        else
            return none{};
    }

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return x * E(scalar_of<E>(factor));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E /*y*/) noexcept {
        return E(scalar_of<E>(factor));
    }
};

} // namespace lamina

LAMINA_END_IEEE
