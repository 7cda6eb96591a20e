// pack: a native SIMD vector whose lanes are samples of a batch, and the operations that work on packs and on
// scalars alike.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/ieee.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#if defined(__AVX512F__)
    #define LAMINA_SIMD_BYTES 64
#elif defined(__AVX__)
    #define LAMINA_SIMD_BYTES 32
#elif defined(__SSE2__) || defined(__ARM_NEON) || defined(__wasm_simd128__) || defined(__ALTIVEC__)
    #define LAMINA_SIMD_BYTES 16
#else
    #define LAMINA_SIMD_BYTES 0
#endif

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Bytes of the target's native vector, or 0 if it has none. With a wider vector every operation would go
/// through memory.
inline constexpr int simd_bytes = LAMINA_SIMD_BYTES;

/// Number of vector registers that a kernel may use.
#if defined(__AVX512F__) || defined(__aarch64__) || defined(__ALTIVEC__)
inline constexpr int vector_registers = 32;
#elif defined(__SOFTFP__) || defined(__riscv_float_abi_soft)
inline constexpr int vector_registers = 6; // there are none: numbers share those of addresses
#else
inline constexpr int vector_registers = 16;
#endif

/// Number of lanes of a `pack<T>`, which is the number of samples that are computed at once.
template <class T>
inline constexpr int native_lanes = simd_bytes > static_cast<int>(sizeof(T))
                                        ? simd_bytes / static_cast<int>(sizeof(T))
                                        : 1;

namespace detail {

template <class T, int N>
struct vector_of {
    using type [[gnu::vector_size(sizeof(T) * static_cast<std::size_t>(N))]] = T;
};

/// A signed integer as wide as `T`.
template <class T>
using int_of = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// The vector type of a pack. With one lane it is a plain number, because g++ keeps a vector of one lane in
/// memory.
template <class T, int Lanes>
using lanes_or_number =
    typename std::conditional_t<Lanes == 1, std::type_identity<T>, vector_of<T, Lanes>>::type;

/// Adds the upper half of the lanes to the lower half until `To` lanes are left.
template <int To, class T, int N>
[[nodiscard, gnu::always_inline]] inline typename vector_of<T, To>::type
fold(typename vector_of<T, N>::type v) noexcept {
    if constexpr (N == To) {
        return v;
    } else {
        return [v]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            const typename vector_of<T, N / 2>::type low =
                __builtin_shufflevector(v, v, static_cast<int>(I)...);
            const typename vector_of<T, N / 2>::type high =
                __builtin_shufflevector(v, v, static_cast<int>(I + N / 2)...);
            return fold<To, T, N / 2>(low + high);
        }
        (std::make_index_sequence<std::size_t{N / 2}>{});
    }
}

} // namespace detail

/// The result of comparing packs: all bits of a lane set, or none.
template <class T>
struct pack_mask {
    detail::lanes_or_number<detail::int_of<T>, native_lanes<T>> v;

    // The compilers show this line with its comment.
    explicit operator bool() const = delete; // a pack has an answer for each sample: ln::select(a > b, a, b)
};

/// `native_lanes<T>` numbers, one per sample, in a vector of the compilers' vector extension.
template <class T>
struct pack {
    static constexpr int lanes = native_lanes<T>;
    using scalar = T;
    using vector = detail::lanes_or_number<T, lanes>;

    vector v;

    pack() noexcept = default;
    [[gnu::always_inline]] LAMINA_WHOLE_PACKS pack(vector vector_) noexcept : v{vector_} {}
    /// The same number in every lane. (s - 0 is s for every s; 0 + s would lose the sign of -0.)
    [[gnu::always_inline]] LAMINA_WHOLE_PACKS pack(T s) noexcept requires(lanes > 1) : v{s - vector{}} {}

    /// As many numbers side by side, wherever they lie.
    [[nodiscard, gnu::always_inline]] static pack load(const T* from) noexcept {
        pack p;
        if constexpr (lanes == 1)
            p.v = *from;
        else
            __builtin_memcpy(&p.v, from, sizeof p.v);
        return p;
    }
    [[gnu::always_inline]] void store(T* to) const noexcept {
        if constexpr (lanes == 1)
            *to = v;
        else
            __builtin_memcpy(to, &v, sizeof v);
    }

    [[nodiscard, gnu::always_inline]] T operator[](int lane) const noexcept {
        if constexpr (lanes == 1)
            return v;
        else
            return v[lane];
    }
    [[gnu::always_inline]] void set(int lane, T value) noexcept {
        if constexpr (lanes == 1)
            v = value;
        else
            v[lane] = value;
    }

    [[gnu::always_inline]] friend pack operator+(pack a, pack b) noexcept { return a.v + b.v; }
    [[gnu::always_inline]] friend pack operator-(pack a, pack b) noexcept { return a.v - b.v; }
    [[gnu::always_inline]] friend pack operator*(pack a, pack b) noexcept { return a.v * b.v; }
    [[gnu::always_inline]] friend pack operator/(pack a, pack b) noexcept { return a.v / b.v; }
    [[gnu::always_inline]] friend pack operator-(pack a) noexcept { return a.v * T(-1); }
    [[gnu::always_inline]] pack& operator+=(pack b) noexcept { return *this = *this + b; }
    [[gnu::always_inline]] pack& operator-=(pack b) noexcept { return *this = *this - b; }
    [[gnu::always_inline]] pack& operator*=(pack b) noexcept { return *this = *this * b; }

    [[gnu::always_inline]] friend pack_mask<T> operator<(pack a, pack b) noexcept { return {a.v < b.v}; }
    [[gnu::always_inline]] friend pack_mask<T> operator>(pack a, pack b) noexcept { return {a.v > b.v}; }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wfloat-equal" // it is meant
    [[gnu::always_inline]] friend pack_mask<T> operator==(pack a, pack b) noexcept {
        return {a.v == b.v};
    }
#pragma GCC diagnostic pop
};

/// The number type of an element: `float` for `float` and for `pack<float>`.
template <class E>
struct element_traits {
    using scalar = E;
    static constexpr int lanes = 1;
};
template <class T>
struct element_traits<pack<T>> {
    using scalar = T;
    static constexpr int lanes = native_lanes<T>;
};

template <class E>
using scalar_of = typename element_traits<E>::scalar;
template <class E>
inline constexpr int lanes_of = element_traits<E>::lanes;
/// The types that kernels and layers compute with: a floating-point number or a pack of them.
template <class E>
concept Element = std::is_floating_point_v<scalar_of<E>>;

/// a * b + c, in one expression so that both compilers contract it to one instruction.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E mul_add(E a, scalar_of<E> b, E c) noexcept {
    if constexpr (std::is_floating_point_v<E>)
        return a * b + c;
    else
        return a.v * b + c.v;
}
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> mul_add(pack<T> a, pack<T> b, pack<T> c) noexcept {
    return a.v * b.v + c.v;
}
/// sum = a * b + sum, also in one expression. It works in place, because without optimisation every copy of a
/// pack goes through memory.
template <Element E>
[[gnu::always_inline]] constexpr void add_product(E& sum, const E& a, const scalar_of<E>& b) noexcept {
    if constexpr (std::is_floating_point_v<E>)
        sum = a * b + sum;
    else
        sum.v = a.v * b + sum.v;
}
template <class T>
[[gnu::always_inline]] LAMINA_WHOLE_PACKS inline void add_product(pack<T>& sum, const pack<T>& a,
                                                                  const pack<T>& b) noexcept {
    sum.v = a.v * b.v + sum.v;
}

/// `condition ? a : b`, lane by lane.
template <class T>
    requires std::is_floating_point_v<T>
[[nodiscard, gnu::always_inline]] constexpr T select(bool condition, T a, T b) noexcept {
    if (condition)
        return a;
    return b;
}
template <class T>
[[nodiscard, gnu::always_inline]] inline pack<T> select(const pack_mask<T>& condition, const pack<T>& a,
                                                        const pack<T>& b) noexcept {
#if defined(__clang__) // between integers, which nothing is assumed of
    if constexpr (pack<T>::lanes != 1) {
        using bits = decltype(condition.v);
        return reinterpret_cast<typename pack<T>::vector>(condition.v ? reinterpret_cast<bits>(a.v)
                                                                      : reinterpret_cast<bits>(b.v));
    } else {
        return select(condition.v != 0, a.v, b.v);
    }
#else
    return condition.v ? a.v : b.v;
#endif
}

/// -x, for clang++ too, whose unary minus and `?:` between numbers assume that they are finite under
/// -ffast-math, whatever a pragma says.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E negated(E x) noexcept {
    return x * E(-1);
}

/// The larger and the smaller of two numbers, lane by lane; a if one of them is NaN.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E(max)(E a, E b) noexcept {
    return select(b > a, b, a);
}
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr E(min)(E a, E b) noexcept {
    return select(b < a, b, a);
}
#if defined(__clang__) // g++ 12 compares and blends
#elif defined(__AVX512F__)
[[nodiscard, gnu::always_inline]] inline pack<float>(max)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_maxps512_mask(b.v, a.v, a.v, -1, 4);
}
[[nodiscard, gnu::always_inline]] inline pack<float>(min)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_minps512_mask(b.v, a.v, a.v, -1, 4);
}
#elif defined(__AVX__)
[[nodiscard, gnu::always_inline]] inline pack<float>(max)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_maxps256(b.v, a.v);
}
[[nodiscard, gnu::always_inline]] inline pack<float>(min)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_minps256(b.v, a.v);
}
#elif defined(__SSE2__)
[[nodiscard, gnu::always_inline]] inline pack<float>(max)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_maxps(b.v, a.v);
}
[[nodiscard, gnu::always_inline]] inline pack<float>(min)(pack<float> a, pack<float> b) noexcept {
    return __builtin_ia32_minps(b.v, a.v);
}
#endif

/// The sum over the lanes. A parameter's gradient is such a sum over the samples of a pack.
template <class T>
    requires std::is_floating_point_v<T>
[[nodiscard, gnu::always_inline]] constexpr T lane_sum(T a) noexcept {
    return a;
}
template <class T>
[[nodiscard, gnu::always_inline]] inline T lane_sum(pack<T> a) noexcept {
    if constexpr (native_lanes<T> == 1)
        return a.v;
    else
        return detail::fold<1, T, native_lanes<T>>(a.v)[0];
}

/// Lane `lane` of an element; a scalar has one.
template <Element E>
[[nodiscard, gnu::always_inline]] constexpr scalar_of<E> lane(const E& e, int lane) noexcept {
    if constexpr (std::is_floating_point_v<E>)
        return e;
    else
        return e[lane];
}
template <Element E>
[[gnu::always_inline]] constexpr void set_lane(E& e, int lane, scalar_of<E> value) noexcept {
    if constexpr (std::is_floating_point_v<E>)
        e = value;
    else
        e.set(lane, value);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
