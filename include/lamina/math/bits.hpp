// The bits of numbers: their formats, views as integers, and what is computed from them.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI {

namespace detail {

/// A number format (IEEE 754), and the constants that exp needs of it.
template <class T>
struct float_format;

template <>
struct float_format<float> {
    using bits = std::uint32_t;
    using signed_bits = std::int32_t;
    static constexpr int mantissa = 23, bias = 127, terms = 6;
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

} // namespace detail

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
