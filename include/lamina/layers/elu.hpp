// ELU: x, or below zero an exponential that ends at -alpha.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The formulas, for an alpha that may be known only at run time.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E elu_value(E x, scalar_of<E> alpha) noexcept {
    return select(x > E(0), x, E(alpha) * exp_minus_one(select(x > E(0), E(0), x)));
}
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E elu_slope(E y, scalar_of<E> alpha) noexcept {
    return select(y > E(0), E(1), y + E(alpha));
}

/// ELU with numbers for arguments.
struct ELUNumbers : Elementwise<ELUNumbers> {
    static constexpr std::string_view family = "ELU";
    static constexpr Argument arguments[] = {{"Numerator", 1}, {"Denominator", 1}};
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0;
    int numerator, denominator;
    double alpha = static_cast<double>(numerator) / static_cast<double>(denominator);

    explicit ELUNumbers(const ArgumentValue* a) noexcept : numerator{a[0]}, denominator{a[1]} {}
    [[nodiscard]] Text spelled() const {
        return numerator == 1 && denominator == 1 ? named("ELU") : named("ELU", numerator, denominator);
    }
    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(numerator >= 1 && denominator >= 1,
                     "alpha must be above 0: a numerator and a denominator of at least 1", "alpha<",
                     numerator, ",", denominator, ">::must_be_above_zero");
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E value(E x) const noexcept {
        return elu_value(x, static_cast<scalar_of<E>>(alpha));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E slope(E y) const noexcept {
        return elu_slope(y, static_cast<scalar_of<E>>(alpha));
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

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
    using by_numbers = detail::ELUNumbers;
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
        return detail::elu_value(x, static_cast<scalar_of<E>>(alpha));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return detail::elu_slope(y, static_cast<scalar_of<E>>(alpha));
    }
};

} // namespace lamina

LAMINA_END_IEEE
