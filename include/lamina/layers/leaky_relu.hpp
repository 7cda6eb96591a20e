// LeakyReLU: x, or a fraction of it below zero.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The formulas, for a slope that may be known only at run time.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E leaky_value(E x, scalar_of<E> slope) noexcept {
    return select(x > E(0), x, x * E(slope));
}
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E leaky_slope(E y, scalar_of<E> slope) noexcept {
    return select(y > E(0), E(1), E(slope));
}

namespace detail {

/// LeakyReLU with numbers for arguments.
struct LeakyReLUNumbers : Elementwise<LeakyReLUNumbers> {
    static constexpr std::string_view family = "LeakyReLU";
    static constexpr Argument arguments[] = {{"Numerator", 1}, {"Denominator", 100}};
    static constexpr bool never_decreases = true;
    int numerator, denominator;
    double negative_slope = static_cast<double>(numerator) / static_cast<double>(denominator);

    explicit LeakyReLUNumbers(const ArgumentValue* a) noexcept : numerator{a[0]}, denominator{a[1]} {}
    [[nodiscard]] Text spelled() const {
        return numerator == 1 && denominator == 100 ? named("LeakyReLU")
                                                    : named("LeakyReLU", numerator, denominator);
    }
    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(numerator >= 0 && denominator >= 1 && numerator < denominator,
                     "slope must be at least 0 and below 1", "slope<", numerator, ",", denominator,
                     ">::must_be_from_zero_to_below_one");
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E value(E x) const noexcept {
        return leaky_value(x, static_cast<scalar_of<E>>(negative_slope));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] E slope(E y) const noexcept {
        return leaky_slope(y, static_cast<scalar_of<E>>(negative_slope));
    }
};

} // namespace detail
} // namespace lamina::inline LAMINA_ABI

namespace lamina {

/// Rectified linear unit that lets a fraction of negative numbers through.
///
///     y = x where x > 0, else a x        dx = dy where y > 0, else a dy
///     with a = Numerator / Denominator
///
/// The derivative at 0 is a. The slope is a fraction because template arguments are whole numbers:
/// `LeakyReLU<1, 4>` has a slope of 0.25.
///
/// Arguments: `Numerator` and `Denominator` of the slope a, 1 and 100 by default; a is at least 0 and below
/// 1. Write `LeakyReLU<>` for the default.
///
/// Shapes: x any shape; y the same.
///
/// Errors: a slope that is negative, 1 or more, or has a denominator below 1 does not compile.
///
/// PyTorch: `torch.nn.LeakyReLU(negative_slope=a)`, with the same default of 0.01.
///
/// Example:
///
///     using Topology = ln::Net<ln::Dense<16>, ln::LeakyReLU<>, ln::Dense<4>, ln::LeakyReLU<1, 5>>;
///     using Model = ln::Model<Topology, ln::Shape<8>>;
///     static_assert(ln::LeakyReLU<>::negative_slope == 0.01);
///     static_assert(ln::LeakyReLU<1, 5>::negative_slope == 0.2);
template <int Numerator, int Denominator>
struct LeakyReLU : Elementwise<LeakyReLU<Numerator, Denominator>> {
    using by_numbers = detail::LeakyReLUNumbers;
    static constexpr Text name = Numerator == 1 && Denominator == 100
                                     ? named("LeakyReLU")
                                     : named("LeakyReLU", Numerator, Denominator);
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope =
        static_cast<double>(Numerator) / static_cast<double>(Denominator);

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Numerator < 0 || Denominator < 1 || Numerator >= Denominator)
            return fault<
                typename Where::template slope<Numerator, Denominator>::must_be_from_zero_to_below_one>{};
        else
            return none{};
    }

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return leaky_value(x, static_cast<scalar_of<E>>(negative_slope));
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return leaky_slope(y, static_cast<scalar_of<E>>(negative_slope));
    }
};

} // namespace lamina

LAMINA_END_IEEE
