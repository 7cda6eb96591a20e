// exp, tanh, sigmoid, log and sqrt for scalars and packs, computed by the same formulas.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/bits.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// c[0] + c[1] t + c[2] t^2 + ...
template <Element E, std::size_t Count>
[[nodiscard, gnu::always_inline]] constexpr E polynomial(const scalar_of<E> (&c)[Count], E t) noexcept {
    E p = E(c[Count - 1]);
#pragma GCC unroll 32
    for (std::size_t k = 2; k <= Count; ++k)
        p = mul_add(p, t, E(c[Count - k]));
    return p;
}

/// The same in t^2 of pairs of terms: about half as long a wait for one more multiplication.
template <Element E, std::size_t Count>
[[nodiscard, gnu::always_inline]] constexpr E polynomial_of_pairs(const scalar_of<E> (&c)[Count],
                                                                  E t) noexcept {
    constexpr std::size_t whole = Count / 2 * 2;
    const E t2 = t * t;
    E p = E(c[Count - 1]);
    if constexpr (whole == Count)
        p = mul_add(t, c[Count - 1], E(c[Count - 2]));
#pragma GCC unroll 16
    for (std::size_t k = whole == Count ? whole - 2 : whole; k >= 2; k -= 2)
        p = mul_add(p, t2, mul_add(t, c[k - 1], E(c[k - 2])));
    return p;
}

/// Of (e^(Sign r) - 1) / r. Constants, because g++ -O2 would compute them each time.
template <class T, int Sign>
struct exp_series {
    T coefficients[static_cast<std::size_t>(float_format<T>::terms)];

    consteval exp_series() noexcept : coefficients{} {
        T factor = T(Sign), k = 0;
        for (T& c : coefficients) {
            c = factor /= k += T(1);
            factor *= T(Sign);
        }
        if constexpr (sizeof(T) == 4) {
            // The next term, c r^6, less the multiple c a^6 T6(r / a) / 32 of a Chebyshev polynomial, which
            // is small for |r| <= a = ln 2 / 2.
            const T c = factor / T(7), a2 = T(0.34657359028 * 0.34657359028);
            coefficients[4] += c * a2 * T(1.5);
            coefficients[2] -= c * a2 * a2 * T(0.5625);
            coefficients[0] += c * a2 * a2 * a2 * T(0.03125);
        }
    }
};

/// `Sign` x = n ln 2 + Sign r with |r| <= ln 2 / 2, and a polynomial of r for (e^(Sign r) - 1) / r, whose
/// error is below a quarter of the last place of e^(Sign r).
template <Element E, int Sign = 1>
struct exp_parts {
    typename bit_view<E>::signed_bits n;
    E r, series;

    [[gnu::always_inline]] constexpr explicit exp_parts(E x) noexcept {
        using T = scalar_of<E>;
        using format = float_format<T>;
        using signed_bits = typename bit_view<E>::signed_bits;
        constexpr T sign = T(Sign), log2e = T(1.44269504088896340736);
        const E shifted = mul_add(x, sign * log2e, E(format::round));
        n = bit_view<E>::template as<signed_bits>(bit_view<E>::get(shifted) -
                                                  std::bit_cast<typename format::bits>(format::round));
        const E whole = shifted - E(format::round);
        r = mul_add(whole, -sign * format::ln2_low, mul_add(whole, -sign * format::ln2_high, x));

        constexpr exp_series<T, Sign> terms;
        series = polynomial_of_pairs(terms.coefficients, r);
    }
};

/// e^x for `lowest` <= x <= `highest`.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_within(E x) noexcept {
    const exp_parts<E> parts{x};
    // Two factors, because 2^n alone leaves the range before e^x does.
    const auto half = parts.n >> 1;
    return (E(1) + parts.series * parts.r) * power_of_two<E>(half) * power_of_two<E>(parts.n - half);
}

/// e^x - 1 for |x| <= 44, beyond which it is e^x or -1 in either format.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_minus_one_within(E x) noexcept {
    const exp_parts<E> parts{x};
    const E scale = power_of_two<E>(parts.n);
    return parts.series * parts.r * scale + (scale - E(1));
}

} // namespace detail

/// e^x, within 2 units in the last place of the exact value; 0 and infinity beyond the format's range.
/// Nothing overflows on the way: a host may trap overflows, and g++ rejects them in constant expressions.
template <Element E>
[[nodiscard]] constexpr E exp(E x) noexcept {
    using format = detail::float_format<scalar_of<E>>;
    const auto too_large = x > E(format::highest);
    const E bounded = (max)(select(too_large, E(format::highest), x), E(format::lowest));
    return select(too_large, E(detail::infinity<scalar_of<E>>()), detail::exp_within(bounded));
}

/// Half of a - b, which never overflows. (Halves are exact, except for subnormal numbers.)
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E half_difference(E a, E b) noexcept {
    return E(scalar_of<E>(0.5)) * a - E(scalar_of<E>(0.5)) * b;
}
/// e^(2 half) for half <= 0: e^(a - b) for a <= b, however far apart they are.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_of_twice(E half) noexcept {
    const E bounded = (max)(half, E(detail::float_format<scalar_of<E>>::lowest / 2));
    return detail::exp_within(bounded + bounded);
}

/// e^x - 1 for x <= 0, within 3 units in the last place also near zero.
template <Element E>
[[nodiscard]] constexpr E exp_minus_one(E x) noexcept {
    return detail::exp_minus_one_within((max)(x, E(-44)));
}

namespace detail {

/// x between -bound and bound. NaN stays.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E bounded(E x, scalar_of<E> bound) noexcept {
    return (max)((min)(x, E(bound)), E(negated(bound)));
}

/// tanh(x / 2) = x p / (2 q) with polynomials p, q of x^2, and tanh x = 2 tanh(x / 2) / (1 + tanh(x / 2)^2)
///     = x p q / (q^2 + (x p / 2)^2).
/// The errors of p and q vanish where tanh approaches 1, and near zero, because both begin with 1. The
/// coefficients are a minimax fit up to 8.7, from where on tanh is 1 within 1 unit in the last place.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E rational_tanh(E x) noexcept {
    constexpr float p[] = {0.029798612F, 1.14795846e-4F}, q[] = {0.113131918F, 1.20915379e-3F, 1.2405776e-6F};
    const E within = bounded(x, 8.7F), t = within * within;
    const E xp = mul_add(E(within * t), polynomial(p, t), within);
    const E q_above = polynomial(q, t), above = t * q_above; // q - 1
    const E square = mul_add(E(E(0.25F) * xp), xp, E(mul_add(t, q_above, E(2)) * above));
    return mul_add(xp, above, xp) / (E(1) + square);
}

} // namespace detail

/// tanh x, within 4 units in the last place, also near zero. In float it may be a unit above 1 on a target
/// without fused multiply-adds. In double it is m / (m + 2) with m = e^(2|x|) - 1.
template <Element E>
[[nodiscard]] constexpr E tanh(E x) noexcept {
    if constexpr (sizeof(scalar_of<E>) == 4) {
        return detail::rational_tanh(x);
    } else {
        const E magnitude = select(x < E(0), negated(x), x);
        const E bounded = select(magnitude > E(22), E(22), magnitude); // tanh 22 is 1
        const E m = detail::exp_minus_one_within(bounded + bounded);
        const E result = m / (m + E(2));
        return select(x < E(0), negated(result), result);
    }
}

/// 1 / (1 + e^-x), within 4 units in the last place.
template <Element E>
[[nodiscard]] constexpr E sigmoid(E x) noexcept {
    using T = scalar_of<E>;
    using format = detail::float_format<T>;
    // Above `one` it is 1. Numerator and denominator are times 2^-half, so that e^-x does not overflow
    // before the quotient is subnormal.
    constexpr T one = sizeof(T) == 4 ? T(18) : T(40);
    constexpr int half = format::bias / 2 + 1;
    constexpr T scale = std::bit_cast<T>(typename format::bits{format::bias - half} << format::mantissa);
    const detail::exp_parts<E, -1> parts{(max)((min)(x, E(one)), E(format::lowest))};
    const E power = detail::power_of_two<E>(parts.n - half);
    return E(scale) / mul_add(parts.series, E(parts.r * power), E(power + E(scale)));
}

/// ln x for positive normal x, within 3 units in the last place. Infinity and NaN give themselves; for other
/// x the result is meaningless. With x = 2^k m and s = (m - 1) / (m + 1): k ln 2 + 2 (s + s^3/3 + s^5/5 +
/// ...).
template <Element E>
[[nodiscard]] constexpr E log(E x) noexcept {
    using T = scalar_of<E>;
    using format = detail::float_format<T>;
    using view = detail::bit_view<E>;
    using bits = typename format::bits;
    constexpr bits one = std::bit_cast<bits>(T(1)),
                   root_half = std::bit_cast<bits>(T(0.70710678118654752440));
    // The exponent k that brings m between sqrt(1/2) and sqrt(2).
    const auto shifted = view::get(x) + (one - root_half);
    const auto k = view::template as<typename view::signed_bits>(shifted >> format::mantissa) - format::bias;
    const E m = view::make(view::get(x) - (view::template as<typename view::bits>(k) << format::mantissa));

    const E s = (m - E(1)) / (m + E(1)), s2 = s * s;
    constexpr int terms = sizeof(T) == 4 ? 5 : 11;
    E series = E(0);
    for (int n = terms; n >= 0; --n)
        series = series * s2 + E(T(1) / static_cast<T>(2 * n + 1));
    const E exponent = view::to_number(k);
    const E result = exponent * E(T(0.69314718055994530942)) + (s + s) * series;
    return select(x < E(detail::infinity<T>()), result, x);
}

/// ln(1 + x) for 0 <= x <= 1, within 3 units in the last place, also of an x whose 1 + x is 1. With
/// s = x / (2 + x): 2 (s + s^3/3 + s^5/5 + ...).
template <Element E>
[[nodiscard]] constexpr E log_of_one_plus(E x) noexcept {
    using T = scalar_of<E>;
    const E s = x / (E(2) + x), s2 = s * s;
    constexpr int terms = sizeof(T) == 4 ? 7 : 16;
    E series = E(0);
    for (int n = terms; n >= 0; --n)
        series = series * s2 + E(T(1) / static_cast<T>(2 * n + 1));
    return (s + s) * series;
}

/// The square root of 0, infinity, or a number from 1e-30 (1e-290 in double), within 1 unit in the last
/// place; of a smaller number within 1e-20 (1e-155). A first guess from the bits, then Newton's iteration for
/// 1 / sqrt(x).
template <Element E>
[[nodiscard]] constexpr E sqrt(E x) noexcept {
    using T = scalar_of<E>;
    using format = detail::float_format<T>;
    using view = detail::bit_view<E>;
    using bits = typename format::bits;
    constexpr bits guess = sizeof(T) == 4 ? bits(0x5F375A86U) : static_cast<bits>(0x5FE6EB50C7B537A9U);
    const T infinity = detail::infinity<T>();
    if constexpr (std::is_floating_point_v<E>)
        if (std::is_constant_evaluated() &&
            !(x < infinity)) // infinity minus infinity is no constant expression
            return x;
    E r = view::make(guess - (view::get(x) >> 1));
    constexpr int rounds = sizeof(T) == 4 ? 3 : 4;
    for (int i = 0; i < rounds; ++i)
        r = r * mul_add(E(T(-0.5)) * x * r, r, E(T(1.5)));
    const E root = x * r;
    const E rounded =
        mul_add(E(T(0.5)) * r, mul_add(negated(root), root, x), root); // one step for the root itself
    return select(x < E(infinity), rounded, x);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
