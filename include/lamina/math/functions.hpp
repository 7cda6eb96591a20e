// exp, tanh, sigmoid, log and sqrt for scalars and packs, computed by the same formulas.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/finite.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// The constants that exp needs of a number format (IEEE 754).
template <class T>
struct float_format;

template <>
struct float_format<float> {
    using bits = std::uint32_t;
    using signed_bits = std::int32_t;
    static constexpr int mantissa = 23, bias = 127, terms = 7;
    static constexpr float round =
        12582912.0F; // 1.5 * 2^23: adding it leaves the rounded integer in the low bits
    static constexpr float ln2_high = 0.693359375F; // few enough bits that n * ln2_high is exact
    static constexpr float ln2_low = -2.12194440e-4F;
    static constexpr float lowest = -104.0F; // exp is 0 below, infinite above `highest`
    static constexpr float highest = std::bit_cast<float>(0x42B17217U); // the last whose power is finite
};

template <>
struct float_format<double> {
    using bits = std::uint64_t;
    using signed_bits = std::int64_t;
    static constexpr int mantissa = 52, bias = 1023, terms = 13;
    static constexpr double round = 6755399441055744.0; // 1.5 * 2^52
    static constexpr double ln2_high = 0.693145751953125;
    static constexpr double ln2_low = 1.42860682030941723212e-6;
    static constexpr double lowest = -746.0;
    static constexpr double highest = std::bit_cast<double>(std::uint64_t{0x40862E42FEFA39EF});
};

/// An element's bits as integers, and back.
template <Element E>
struct bit_view {
    using T = scalar_of<E>;
    using format = float_format<T>;
    static constexpr bool is_scalar = lanes_of<E> == 1;

    template <class I>
    struct lanes {
        using type [[gnu::vector_size(sizeof(I) * static_cast<std::size_t>(lanes_of<E>))]] = I;
    };
    template <class I>
    requires is_scalar struct lanes<I> {
        using type = I;
    };
    using bits = typename lanes<typename format::bits>::type;
    using signed_bits = typename lanes<typename format::signed_bits>::type;

    /// The same bits as signed or unsigned integers.
    template <class To>
    [[nodiscard, gnu::always_inline]] static constexpr To as(auto b) noexcept {
        if constexpr (is_scalar)
            return static_cast<To>(b);
        else
            return reinterpret_cast<To>(b);
    }
    [[nodiscard, gnu::always_inline]] static constexpr bits get(E e) noexcept {
        if constexpr (is_scalar)
            return std::bit_cast<bits>(e);
        else
            return reinterpret_cast<bits>(e.v);
    }
    [[nodiscard, gnu::always_inline]] static constexpr E to_number(signed_bits i) noexcept {
        if constexpr (is_scalar)
            return E(static_cast<T>(i));
        else
            return E{__builtin_convertvector(i, typename E::vector)};
    }
    [[nodiscard, gnu::always_inline]] static constexpr E make(bits b) noexcept {
        if constexpr (is_scalar)
            return std::bit_cast<E>(b);
        else
            return E{reinterpret_cast<typename E::vector>(b)};
    }
};

/// 2^n for an integer n given as bits, within the normal range.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E power_of_two(typename bit_view<E>::signed_bits n) noexcept {
    using format = float_format<scalar_of<E>>;
    using bits = typename bit_view<E>::bits;
    using view = bit_view<E>;
    return view::make(view::template as<bits>(n + format::bias) << format::mantissa);
}

/// c[0] + c[1] t + c[2] t^2 + ...
template <Element E, std::size_t Count>
[[nodiscard, gnu::always_inline]] constexpr E polynomial(const scalar_of<E> (&c)[Count], E t) noexcept {
    E p = E(c[Count - 1]);
#pragma GCC unroll 32
    for (std::size_t k = 2; k <= Count; ++k)
        p = mul_add(p, t, E(c[Count - k]));
    return p;
}

/// Of (e^r - 1) / r. Constants, because g++ -O2 would compute them each time.
template <class T>
struct exp_series {
    T coefficients[static_cast<std::size_t>(float_format<T>::terms)];

    consteval exp_series() noexcept : coefficients{} {
        T factor = 1, k = 0;
        for (T& c : coefficients)
            c = factor /= k += T(1);
    }
};

/// x = n ln 2 + r with |r| <= ln 2 / 2, and the Taylor polynomial of e^r - 1, whose first term left out is
/// below a quarter of the last place.
template <Element E>
struct exp_parts {
    typename bit_view<E>::signed_bits n;
    E fraction;

    [[gnu::always_inline]] constexpr explicit exp_parts(E x) noexcept {
        using T = scalar_of<E>;
        using format = float_format<T>;
        using signed_bits = typename bit_view<E>::signed_bits;
        constexpr T log2e = T(1.44269504088896340736);
        const E shifted = mul_add(x, log2e, E(format::round));
        n = bit_view<E>::template as<signed_bits>(bit_view<E>::get(shifted) -
                                                  std::bit_cast<typename format::bits>(format::round));
        const E whole = shifted - E(format::round);
        const E r = mul_add(whole, -format::ln2_low, mul_add(whole, -format::ln2_high, x));

        constexpr exp_series<T> taylor;
        fraction = polynomial(taylor.coefficients, r) * r;
    }
};

/// e^x for `lowest` <= x <= `highest`.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_within(E x) noexcept {
    const exp_parts<E> parts{x};
    // Two factors, because 2^n alone leaves the range before e^x does.
    const auto half = parts.n >> 1;
    return (E(1) + parts.fraction) * power_of_two<E>(half) * power_of_two<E>(parts.n - half);
}

/// e^x - 1 for |x| <= 44, beyond which it is e^x or -1 in either format.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E exp_minus_one_within(E x) noexcept {
    const exp_parts<E> parts{x};
    const E scale = power_of_two<E>(parts.n);
    return parts.fraction * scale + (scale - E(1));
}

template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E not_below(E x, scalar_of<E> bound) noexcept {
    return select(x < E(bound), E(bound), x);
}

} // namespace detail

/// e^x, within 2 units in the last place of the exact value; 0 and infinity beyond the format's range.
/// Nothing overflows on the way: a host may trap overflows, and g++ rejects them in constant expressions.
template <Element E>
[[nodiscard]] constexpr E exp(E x) noexcept {
    using format = detail::float_format<scalar_of<E>>;
    const auto too_large = x > E(format::highest);
    const E bounded = detail::not_below(select(too_large, E(format::highest), x), format::lowest);
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
    const E bounded = detail::not_below(half, detail::float_format<scalar_of<E>>::lowest / 2);
    return detail::exp_within(bounded + bounded);
}

/// e^x - 1 for x <= 0, within 3 units in the last place also near zero.
template <Element E>
[[nodiscard]] constexpr E exp_minus_one(E x) noexcept {
    return detail::exp_minus_one_within(detail::not_below(x, scalar_of<E>(-44)));
}

/// tanh x = m / (m + 2) with m = e^(2|x|) - 1, which keeps its relative accuracy near zero. Within 4 units in
/// the last place.
template <Element E>
[[nodiscard]] constexpr E tanh(E x) noexcept {
    const E magnitude = select(x < E(0), -x, x);
    const E bounded = select(magnitude > E(22), E(22), magnitude); // tanh 22 is 1 in either format
    const E m = detail::exp_minus_one_within(bounded + bounded);
    const E result = m / (m + E(2));
    return select(x < E(0), -result, result);
}

/// 1 / (1 + e^-x), computed as e^x / (1 + e^x) below zero, so that nothing overflows. Within 4 units in the
/// last place.
template <Element E>
[[nodiscard]] constexpr E sigmoid(E x) noexcept {
    const auto negative = x < E(0);
    const E bounded =
        detail::not_below(select(negative, x, negated(x)), detail::float_format<scalar_of<E>>::lowest);
    const E e = detail::exp_within(bounded);
    return select(negative, e, E(1)) / (E(1) + e);
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

/// x, or zero if x is subnormal. It is meant for values that decay, such as the moments of gradients that
/// have become zero: these would stay subnormal for ever, and processors need up to a hundred times as long
/// for subnormal numbers.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E normal_or_zero(E x) noexcept {
    using view = detail::bit_view<E>;
    constexpr auto exponent =
        std::bit_cast<typename view::format::bits>(std::numeric_limits<scalar_of<E>>::infinity());
    const auto bits = view::get(x);
    if constexpr (view::is_scalar) { // a number, or a pack of one lane
        if ((bits & exponent) != 0)
            return x;
        return E(0);
    } else {
        return view::make(bits & ~view::template as<typename view::bits>((bits & exponent) == 0));
    }
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_OPTIMIZED
