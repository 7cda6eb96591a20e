// Pooling of all of a channel: its mean, its maximum, and their gradients.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/channels.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Joins all elements of `Count` neighbouring channels of x, from c on. `load(p)` is what counts of the
/// memory at p.
template <int Count, class X, class Load, class Join>
[[nodiscard, gnu::always_inline]] constexpr auto joined_channels(X x, int c, Load load, Join join) noexcept {
    using E = decltype(load(x.data()));
    struct Result {
        E of[std::size_t{Count}];
    };
    const auto rows = channels_of(x);
    constexpr std::ptrdiff_t pixel = X::layout::pixel;
    Result all{};
    for (int k = 0; k < Count; ++k)
        all.of[k] = load(rows.row(x, c + k, 0));
    for (int i = 0; i < rows.rows; ++i)
        for (int j = i == 0 ? 1 : 0; j < rows.columns; ++j)
            for (int k = 0; k < Count; ++k)
                all.of[k] = join(all.of[k], load(rows.row(x, c + k, i) + j * pixel));
    return all;
}

/// y(c) = finish(all elements of x(c, ...), joined).
template <class X, class Y, class Join, class Finish>
constexpr void global_pool(X x, Y y, Join join, Finish finish) noexcept {
    has_effects();
    using E = typename Y::element;
    const int channels = first_extent(x);
    if constexpr (X::order == Order::channels_last) { // a vector of channels
        using T = scalar_of<E>;
        constexpr int L = native_lanes<T>, C = Y::size, count = C < L ? C : L;
        for (int t = 0; t < tiles(C, L); ++t) {
            const int c = C > L ? overlapped(t, L, C) : 0;
            const auto all = joined_channels<1>(
                x, c, [](const T* from) __attribute__((always_inline)) { return pack<T>::load(from); }, join);
            const pack<T> result = finish(all.of[0]);
            __builtin_memcpy(y.data() + c, &result, count * sizeof(T));
        }
    } else { // several sums side by side, because each waits for itself
        constexpr int side_by_side = 4;
        const auto load = [](const E* from) __attribute__((always_inline)) {
            return *from;
        };
        int c = 0;
        for (; c <= channels - side_by_side; c += side_by_side) {
            const auto all = joined_channels<side_by_side>(x, c, load, join);
            for (int k = 0; k < side_by_side; ++k)
                y[c + k] = finish(all.of[k]);
        }
        for (; c < channels; ++c)
            y[c] = finish(joined_channels<1>(x, c, load, join).of[0]);
    }
}

/// y(c) = the mean of x(c, ...).
template <class X, class Y>
constexpr void global_average_pool(X x, Y y) noexcept {
    using T = scalar_of<typename Y::element>;
    const T share = T(1) / static_cast<T>(x.size / first_extent(x));
    global_pool(
        x, y, [](auto a, auto b) __attribute__((always_inline)) { return a + b; },
        [&](auto sum) __attribute__((always_inline)) { return sum * decltype(sum)(share); });
}
/// Overwrites dx, or adds to it: each element of a channel gets the same share.
template <Store How = Store::overwrite, class DY, class DX>
constexpr void global_average_pool_gradient(DY dy, DX dx) noexcept {
    using E = typename DX::element;
    using T = scalar_of<E>;
    const E share = E(T(1) / static_cast<T>(dx.size / first_extent(dx)));
    map_channels<How>(
        dx, [&](int c) __attribute__((always_inline)) { return dy[c] * share; });
}

/// y(c) = the largest of x(c, ...).
template <class X, class Y>
constexpr void global_max_pool(X x, Y y) noexcept {
    global_pool(
        x, y, [](auto a, auto b) __attribute__((always_inline)) { return (max)(a, b); },
        [](auto largest) __attribute__((always_inline)) { return largest; });
}
/// Overwrites dx, or adds to it: a channel's gradient goes to the first element that is the largest. (It is
/// looked for again: y may hold what an activation made of it.)
template <Store How = Store::overwrite, class X, class DY, class DX>
constexpr void global_max_pool_gradient(X x, DY dy, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    const auto rows = channels_of(dx);
    for (int c = 0; c < first_extent(dx); ++c) {
        const E largest = joined_channels<1>(
                              x, c, [](const E* from) __attribute__((always_inline)) { return *from; },
                              [](auto a, auto b) __attribute__((always_inline)) { return (max)(a, b); })
                              .of[0];
        E left = dy[c]; // what no element has taken yet
        for (int i = 0; i < rows.rows; ++i) {
            const E* const from = rows.row(x, c, i);
            E* const to = rows.row(dx, c, i);
            for (int j = 0; j < rows.columns; ++j) {
                const auto is_largest = from[j] == largest;
                store<How>(to[j], E(select(is_largest, left, E(0))));
                left = select(is_largest, E(0), left);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
