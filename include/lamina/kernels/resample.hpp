// Images of another size: each result is a weighted sum of a few neighbours along both axes.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// How an image gets another size: the nearest element, a weighted mean of the two nearest along each axis,
/// or the mean of a share of the elements.
enum class Resampling { nearest, bilinear, mean };

/// `count` neighbours and their weights.
template <class T>
struct Neighbours {
    int from, count;
    T first, others; ///< the weight of the first, and that of each other
};

/// An axis of `in` elements that becomes one of `out`.
struct ResampledAxis {
    Resampling how;
    int in, out;

    /// Those of the i-th result.
    template <class T>
    [[nodiscard, gnu::always_inline]] constexpr Neighbours<T> neighbours(int i) const noexcept {
        const long long start = 1LL * i * in;
        if (how == Resampling::nearest)
            return {static_cast<int>(start / out), 1, T(1), T(1)};
        if (how == Resampling::mean) { // from the first to the last element that its share of the axis meets
            const int from = static_cast<int>(start / out),
                      count = static_cast<int>((start + in + out - 1) / out) - from;
            const T share = T(1) / static_cast<T>(count);
            return {from, count, share, share};
        }
        // The middle of result i, (i + 1/2) in / out, lies between the middles of two elements.
        const long long place = 2 * start + in - out, whole = 2LL * out;
        if (place < 0)
            return {0, 1, T(1), T(1)};
        const int from = static_cast<int>(place / whole);
        if (from + 1 >= in)
            return {in - 1, 1, T(1), T(1)};
        const T second = static_cast<T>(place % whole) / static_cast<T>(whole);
        return {from, 2, T(1) - second, second};
    }
};

/// The axes of an image with the geometry x that becomes one with the geometry y.
template <class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr ResampledAxis resampled_rows(Resampling how, const X& x,
                                                                         const Y& y) noexcept {
    return {how, x.height, y.height};
}
template <class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr ResampledAxis resampled_columns(Resampling how, const X& x,
                                                                            const Y& y) noexcept {
    return {how, x.width, y.width};
}

/// f(i, rows, j0, columns, count) for blocks of `count` results of row i from column j0 on: the neighbours of
/// the row, and an array of those of the columns.
template <class T, class X, class Y, class F>
[[gnu::always_inline]] constexpr void for_resampled(Resampling how, const X& x, const Y& y, F f) noexcept {
    constexpr int most = 64;
    const ResampledAxis rows = resampled_rows(how, x, y), across = resampled_columns(how, x, y);
    Neighbours<T> columns[std::size_t{most}] = {};
    for (int j0 = 0; j0 < y.width; j0 += most) {
        const int count = y.width - j0 < most ? y.width - j0 : most;
        for (int j = 0; j < count; ++j)
            columns[j] = across.neighbours<T>(j0 + j);
        for (int i = 0; i < y.height; ++i)
            f(i, rows.neighbours<T>(i), j0, columns, count);
    }
}

/// f(u, v, weight) for each neighbour, in row u and column v.
template <class T, class F>
[[gnu::always_inline]] constexpr void for_neighbours(const Neighbours<T>& rows, const Neighbours<T>& columns,
                                                     F f) noexcept {
    for (int u = 0; u < rows.count; ++u) {
        const T weight = u == 0 ? rows.first : rows.others;
        for (int v = 0; v < columns.count; ++v)
            f(rows.from + u, columns.from + v, weight * (v == 0 ? columns.first : columns.others));
    }
}

/// y becomes x in another size.
template <class X, class Y>
constexpr void resample(X x, Y y, Resampling how) noexcept {
    has_effects();
    using E = typename Y::element;
    using T = scalar_of<E>;
    const auto g = x.geometry();
    const auto to = y.geometry();
    for_resampled<T>(
        how, g, to,
        [&](int i, const Neighbours<T>& rows, int j0, const Neighbours<T>* columns, int count)
            __attribute__((always_inline)) {
                if constexpr (X::order == Order::channels_last) { // a vector of channels
                    constexpr int L = native_lanes<T>, C = channels<typename Y::shape>;
                    for (int t = 0; t < tiles(C, L); ++t) {
                        const int c = C > L ? overlapped(t, L, C) : 0;
                        for (int j = 0; j < count; ++j) {
                            pack<T> sum[1] = {pack<T>(T(0))};
                            for_neighbours(
                                rows, columns[j], [&](int u, int v, T weight) __attribute__((always_inline)) {
                                    add_product(sum[0], pack<T>::load(&x(c, u, v)), weight);
                                });
                            // Exactly: the next row's first pixel may be there already.
                            one::put_row<1, (C < L ? C : 0)>(y, c, i, j0 + j, sum);
                        }
                    }
                } else {
                    for (int c = 0; c < to.channels; ++c)
                        for (int j = 0; j < count; ++j) {
                            E sum = E(T(0));
                            for_neighbours(
                                rows, columns[j], [&](int u, int v, T weight) __attribute__((always_inline)) {
                                    sum += x.data()[g.at(c, u, v)] * E(weight);
                                });
                            y(c, i, j0 + j) = sum;
                        }
                }
            });
}

/// Overwrites dx, or adds to it: each result's gradient, shared by its neighbours.
template <Store How = Store::overwrite, class DY, class DX>
constexpr void resample_gradient(DY dy, DX dx, Resampling how) noexcept {
    has_effects();
    using E = typename DX::element;
    using T = scalar_of<E>;
    const auto g = dx.geometry();
    if (How == Store::overwrite)
        fill_zero(dx);
    for_resampled<T>(
        how, g, dy.geometry(),
        [&](int i, const Neighbours<T>& rows, int j0, const Neighbours<T>* columns, int count)
            __attribute__((always_inline)) {
                for (int c = 0; c < g.channels; ++c)
                    for (int j = 0; j < count; ++j) {
                        const E gradient = dy(c, i, j0 + j);
                        for_neighbours(
                            rows, columns[j], [&](int u, int v, T weight) __attribute__((always_inline)) {
                                E& place = dx.data()[g.at(c, u, v)];
                                place = place + gradient * E(weight);
                            });
                    }
            });
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
