// The logistic and the normal distribution, whose functions activations are made of, and erf.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

namespace detail {

template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E magnitude_of(E x) noexcept {
    return select(x < E(0), negated(x), x);
}
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E not_above(E x, scalar_of<E> bound) noexcept {
    return select(x > E(bound), E(bound), x);
}

/// A distribution at x: the probability of numbers below x, and its derivative.
template <Element E>
struct Distribution {
    E below, density;
};

/// The logistic distribution. `below` is sigmoid(x), `density` its derivative, which would lose digits as
/// sigmoid(x) (1 - sigmoid(x)). Within 4 and 6 units in the last place; nothing overflows.
template <Element E>
[[nodiscard]] constexpr Distribution<E> logistic(E x) noexcept {
    const auto negative = x < E(0);
    const E e = exp_within((max)(select(negative, x, negated(x)), E(float_format<scalar_of<E>>::lowest)));
    const E most = E(1) / (E(1) + e), least = e * most;
    return {select(negative, least, most), least * most};
}

/// e^(-factor x^2) for a factor of 1 or 1/2, within 4 units in the last place. Rounding x^2 alone would cost
/// up to x^2 units, so the part that it loses is computed from the upper and lower digits of x (Dekker,
/// Numerische Mathematik 18, 1971).
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_of_minus_square(E x, scalar_of<E> factor) noexcept {
    using T = scalar_of<E>;
    using view = bit_view<E>;
    constexpr int low = view::format::mantissa / 2 + 1;
    const E high = view::make((view::get(x) >> low) << low), rest = x - high;
    const E square = x * x;
    const E lost = ((high * high - square) + E(T(2)) * high * rest) + rest * rest;
    const E power = exp_within((max)(negated(E(factor) * square), E(float_format<T>::lowest)));
    return power - power * (E(factor) * lost);
}

/// e^(x^2) erfc(x) for x >= 0: (1 + 2x) times it is a polynomial in t = (x - 3.75) / (x + 3.75), to 1.3e-8 in
/// float and 1.1e-16 in double (M. M. Shepherd & J. G. Laframboise, Chebyshev approximation of (1 + 2x)
/// exp(x^2) erfc x in 0 <= x < infinity, Mathematics of Computation 36, 1981: their series, cut after degree
/// 11 and 22, in powers of t).
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E scaled_erfc(E x) noexcept {
    using T = scalar_of<E>;
    const E t = (x - E(T(3.75))) / (x + E(T(3.75)));
    if constexpr (sizeof(T) == 4) {
        constexpr T coefficients[] = {1.237512619F,    -0.1402406583F,  0.003586270394F, 0.08227841998F,
                                      -0.1088142701F,  0.09229076959F,  -0.05864685874F, 0.02840925236F,
                                      -0.00984449486F, 0.001675912218F, 0.000396307613F, -0.0002241167467F};
        return polynomial(coefficients, t) / (E(1) + (x + x));
    } else {
        constexpr T coefficients[] = {
            1.237512630837827529,      -0.1402405985855452563,    0.003585415485479025638,
            0.0822767384899950626,     -0.1088039301424446127,    0.09230432116428124988,
            -0.0586933985766493384,    0.02836227737211113883,    -0.009746579683265262231,
            0.001755626165197065073,   0.0002937143780449580301,  -0.0002901553524607765532,
            0.00005164652974177416066, 0.00002238756571491181702, -0.00001143804803334689237,
            -9.792625707303528411e-7,  1.741982158622480097e-6,   -5.084465378687248664e-8,
            -2.485712624801662546e-7,  1.87908232237002305e-8,    3.197926671666752318e-8,
            -1.955135886898511443e-9,  -2.623107347133376642e-9};
        return polynomial(coefficients, t) / (E(1) + (x + x));
    }
}

/// The standard normal distribution. `below` is (1 + erf(x / sqrt 2)) / 2, `density` its derivative. Within 8
/// and 4 units in the last place, also far below 0, where 1 + erf would have no digits left.
template <Element E>
[[nodiscard]] constexpr Distribution<E> normal(E x) noexcept {
    using T = scalar_of<E>;
    const E distance = not_above(magnitude_of(x), 40); // beyond which both are 0 in either format
    const E power = exp_of_minus_square(distance, T(0.5));
    const E tail = E(T(0.5)) * power * scaled_erfc(distance * E(T(0.70710678118654752440)));
    return {select(x < E(0), tail, E(1) - tail), power * E(T(0.39894228040143267794))}; // 1 / sqrt(2 pi)
}

/// Of erf(x) / x, in powers of x^2.
template <class T>
struct ErfSeries {
    T coefficients[sizeof(T) == 4 ? 7 : 13] = {};

    consteval ErfSeries() noexcept {
        T factor = T(1.12837916709551257390), k = 0; // 2 / sqrt(pi)
        for (T& c : coefficients) {
            c = factor / (k + k + T(1));
            k += T(1);
            factor /= -k;
        }
    }
};

} // namespace detail

/// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 3 units in the last
/// place. Below 1/2 it is its Taylor series (Abramowitz & Stegun, 7.1.5), above it 1 - erfc(x).
template <Element E>
[[nodiscard]] constexpr E erf(E x) noexcept {
    using T = scalar_of<E>;
    const E distance = detail::not_above(detail::magnitude_of(x), 6); // erf 6 is 1 in either format
    const E tail = detail::exp_of_minus_square(distance, T(1)) * detail::scaled_erfc(distance);

    constexpr detail::ErfSeries<T> taylor;
    const E series = detail::polynomial(taylor.coefficients, distance * distance);
    const E found = select(distance < E(T(0.5)), distance * series, E(1) - tail);
    return select(x < E(0), negated(found), found);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
