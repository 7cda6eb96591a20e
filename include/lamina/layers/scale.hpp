// Scale: x times a fixed factor.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Scale with numbers for arguments.
struct ScaleNumbers : Elementwise<ScaleNumbers> {
    static constexpr bool never_decreases = true; // but see can_decrease()
    static constexpr std::string_view family = "Scale";
    static constexpr Argument arguments[] = {{"Numerator"}, {"Denominator", 1}};
    int numerator, denominator;
    double factor = static_cast<double>(numerator) / static_cast<double>(denominator);

    explicit ScaleNumbers(const ArgumentValue* a) noexcept : numerator{a[0]}, denominator{a[1]} {}
    [[nodiscard]] Text spelled() const {
        return denominator == 1 ? named("Scale", numerator) : named("Scale", numerator, denominator);
    }
    [[nodiscard]] bool can_decrease() const noexcept { return numerator < 0; }
    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(numerator != 0, "a Scale needs a factor, which is not 0", "factor<", numerator, ",",
                     denominator, ">::must_not_be_zero");
        where.expect(denominator >= 1, "the denominator of a factor must be at least 1", "factor<", numerator,
                     ",", denominator, ">::has_no_positive_denominator");
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E value(E x) const noexcept {
        return x * E(static_cast<scalar_of<E>>(factor));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E slope(E /*y*/) const noexcept {
        return E(static_cast<scalar_of<E>>(factor));
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

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
    using by_numbers = detail::ScaleNumbers;
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
