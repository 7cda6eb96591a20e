// The transforms of Winograd's algorithms along one axis, of vectors whose elements do not meet. (Vectors
// instead of packs: what has to be one instruction is one expression.)
#pragma once

#include <lamina/ieee.hpp>

#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::winograd {

/// The numbers of a vector; of one lane it is a plain number.
template <class V>
using scalar_in = std::remove_cvref_t<decltype(V{}[0])>;
template <class V>
inline constexpr int lanes_in = static_cast<int>(sizeof(V) / sizeof(scalar_in<V>));

// F(4, 3), with the points 0, +-1/sqrt(2), +-sqrt(2) and infinity.

/// The points, and their cubes; and 1 / (2 p^2 (p^2 - q^2)) of one point p and the other q.
template <class T>
inline constexpr T a = T(0.70710678118654752440L);
template <class T>
inline constexpr T b = T(1.41421356237309504880L);
template <class T>
inline constexpr T a3 = T(0.35355339059327376220L);
template <class T>
inline constexpr T b3 = T(2.82842712474619009760L);
template <class T>
inline constexpr T of_a = T(-2.0L / 3);
template <class T>
inline constexpr T of_b = T(1.0L / 6);

/// B^T x.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void to_products(const V (&x)[6], V (&r)[6]) noexcept {
    const V even_a = x[2] * T(-2) + x[4], odd_a = x[1] * T(-2) + x[3];
    const V even_b = x[2] * T(-0.5) + x[4], odd_b = x[1] * T(-0.5) + x[3];
    r[0] = (x[2] * T(-2.5) + x[4]) + x[0];
    r[1] = odd_a * a<T> + even_a;
    r[2] = odd_a * -a<T> + even_a;
    r[3] = odd_b * b<T> + even_b;
    r[4] = odd_b * -b<T> + even_b;
    r[5] = (x[3] * T(-2.5) + x[5]) + x[1];
}
/// A^T m.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void to_results(const V (&m)[6], V (&y)[4]) noexcept {
    const V even_a = m[1] + m[2], odd_a = m[1] - m[2], even_b = m[3] + m[4], odd_b = m[3] - m[4];
    y[0] = m[0] + even_a + even_b;
    y[1] = odd_b * b<T> + odd_a * a<T>;
    y[2] = even_b * T(2) + even_a * T(0.5);
    y[3] = odd_b * b3<T> + (odd_a * a3<T> + m[5]);
}
/// G g.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void of_weights(const V (&g)[3], V (&u)[6]) noexcept {
    const V even_a = (g[2] * T(0.5) + g[0]) * of_a<T>, odd_a = g[1] * (of_a<T> * a<T>);
    const V even_b = (g[2] * T(2) + g[0]) * of_b<T>, odd_b = g[1] * (of_b<T> * b<T>);
    u[0] = g[0];
    u[1] = even_a + odd_a;
    u[2] = even_a - odd_a;
    u[3] = even_b + odd_b;
    u[4] = even_b - odd_b;
    u[5] = g[2];
}

// F(2, 3), with the points 0, 1, -1 and infinity.

/// B^T x.
template <class V>
[[gnu::always_inline]] inline void to_products(const V (&x)[4], V (&r)[4]) noexcept {
    r[0] = x[0] - x[2];
    r[1] = x[1] + x[2];
    r[2] = x[2] - x[1];
    r[3] = x[3] - x[1];
}
/// A^T m.
template <class V>
[[gnu::always_inline]] inline void to_results(const V (&m)[4], V (&y)[2]) noexcept {
    y[0] = m[0] + (m[1] + m[2]);
    y[1] = m[3] + (m[1] - m[2]);
}
/// G g.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void of_weights(const V (&g)[3], V (&u)[4]) noexcept {
    const V even = (g[0] + g[2]) * T(0.5), odd = g[1] * T(0.5);
    u[0] = g[0];
    u[1] = even + odd;
    u[2] = even - odd;
    u[3] = g[2];
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
