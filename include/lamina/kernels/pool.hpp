// Pooling over windows, and its gradients.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Calls f(window) with the window `w`, or, if it is known at run time, with the same as constants where it
/// is a usual one.
template <class W, class F>
[[gnu::always_inline]] constexpr void with_usual_window(const W& w, F f) noexcept {
    if constexpr (ConstantWindow<W>)
        f(w);
    else if (w.is(2, 2))
        f(UsualWindow<2, 2>{});
    else if (w.is(3, 2))
        f(UsualWindow<3, 2>{});
    else
        f(w);
}

/// f(c, i, j) for each result of y, row by row, and `after` each row.
template <class Y, class F, class After>
[[gnu::always_inline]] constexpr void for_results(const Y& y, F f, After after) noexcept {
    const auto g = y.geometry();
    for (int c = 0; c < g.channels; ++c)
        for (int i = 0; i < g.height; ++i) {
            for (int j = 0; j < g.width; ++j)
                f(c, i, j);
            after(c, i);
        }
}

/// y(c, i, j) = f(max over the window of x, c, i, j). If `argmax` is a pointer, it receives the position of
/// each maximum within its window, in the order of y; of several equal ones the first.
template <class X, class Y, class W, class Argmax = std::nullptr_t, class Epilogue = AsItIs>
constexpr void max_pool(X x, Y y, W window, [[maybe_unused]] Argmax argmax = {}, Epilogue f = {}) noexcept {
    has_effects();
    using E = typename Y::element;
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<E>)
        pool_by_numbers(
            ByNumbers{}, x, y, window,
            [](auto a, auto b) __attribute__((always_inline)) { return (max)(a, b); }, f, f);
    else
        with_usual_window(
            window, [&](auto w) __attribute__((always_inline)) {
                const auto g = x.geometry();
                for_results(
                    y,
                    [&](int c, int i, int j) __attribute__((always_inline)) {
                        const auto* from = x.data() + g.at(c, i * w.row_stride, j * w.column_stride);
                        E best = from[0];
                        if constexpr (std::is_pointer_v<Argmax>) {
                            E which = E(0);
                            for_places(
                                w, [&](int k, int u, int v) __attribute__((always_inline)) {
                                    if (k == 0)
                                        return;
                                    const E candidate = from[u * g.row + v * g.pixel];
                                    const auto larger = candidate > best;
                                    best = select(larger, candidate, best);
                                    which = select(larger, E(static_cast<scalar_of<E>>(k)), which);
                                });
                            *argmax++ = which;
                        } else {
                            for_places(
                                w, [&](int k, int u, int v) __attribute__((always_inline)) {
                                    if (k > 0)
                                        best = (max)(best, E(from[u * g.row + v * g.pixel]));
                                });
                        }
                        y(c, i, j) = f(best, c, i, j);
                    },
                    [&](int c, int i) __attribute__((always_inline)) { finish_row(f, y, c, i); });
            });
}

/// Overwrites dx, or adds to it: of each window's `of(c, i, j)` position k, in row u and column v, gets
/// share(of, k, u, v). Only where windows overlap or leave gaps dx is overwritten with zeros first.
template <Store How, class DY, class DX, class W, class Of, class Share>
constexpr void spread_over_windows(DY dy, DX dx, W window, Of of, Share share) noexcept {
    has_effects();
    using E = typename DX::element;
    with_usual_window(
        window, [&](auto w) __attribute__((always_inline)) {
            const auto g = dx.geometry();
            const bool writes = How == Store::overwrite && w.rows == w.row_stride && w.columns == w.column_stride;
            if (How == Store::overwrite && !(writes && g.height % w.rows == 0 && g.width % w.columns == 0))
                fill_zero(dx);
            for_results(
                dy,
                [&](int c, int i, int j) __attribute__((always_inline)) {
                    E* const to = dx.data() + g.at(c, i * w.row_stride, j * w.column_stride);
                    auto whole = of(c, i, j);
                    for_places(
                        w, [&](int k, int u, int v) __attribute__((always_inline)) {
                            E& place = to[u * g.row + v * g.pixel];
                            const E part = share(whole, k, u, v);
                            place = writes ? part : place + part;
                        });
                },
                [](int, int) __attribute__((always_inline)){});
        });
}

/// Overwrites dx, or adds to it: each window's gradient goes to the first position that equals the maximum.
template <Store How = Store::overwrite, class X, class Y, class DY, class DX, class W>
constexpr void max_pool_gradient(X x, Y y, DY dy, DX dx, W window) noexcept {
    using E = typename DX::element;
    struct Of {
        E left, largest; // left: what no position has taken yet
        const E* from;
    };
    const auto g = x.geometry();
    spread_over_windows<How>(
        dy, dx, window,
        [&](int c, int i, int j) __attribute__((always_inline)) {
            return Of{dy(c, i, j), y(c, i, j), x.data() + g.at(c, i * window.row_stride, j * window.column_stride)};
        },
        [&](Of & of, int, int u, int v) __attribute__((always_inline)) {
            const auto is_maximum = E(of.from[u * g.row + v * g.pixel]) == of.largest;
            const E part = select(is_maximum, of.left, E(0));
            of.left = select(is_maximum, E(0), of.left);
            return part;
        });
}
/// The same with the positions of the maxima that `max_pool` has written to `argmax`.
template <Store How = Store::overwrite, class DY, class DX, class W>
constexpr void max_pool_gradient(const typename DX::element* argmax, DY dy, DX dx, W window) noexcept {
    using E = typename DX::element;
    struct Of {
        E gradient, which;
    };
    spread_over_windows<How>(
        dy, dx, window,
        [&](int c, int i, int j) __attribute__((always_inline)) {
            return Of{dy(c, i, j), *argmax++};
        },
        [](const Of& of, int k, int, int) __attribute__((always_inline)) {
            return select(of.which == E(static_cast<scalar_of<E>>(k)), of.gradient, E(0));
        });
}

/// y(c, i, j) = f(mean over the window of x, c, i, j).
template <class X, class Y, class W, class Epilogue = AsItIs>
constexpr void average_pool(X x, Y y, W window, Epilogue f = {}) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto share = scalar_of<E>(1) / static_cast<scalar_of<E>>(window.rows * window.columns);
    const auto finish = [&](auto sum, auto... index) __attribute__((always_inline)) {
        return f(sum * decltype(sum)(share), index...);
    };
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<E>)
        pool_by_numbers(
            ByNumbers{}, x, y, window, [](auto a, auto b) __attribute__((always_inline)) { return a + b; },
            finish, f);
    else
        with_usual_window(
            window, [&](auto w) __attribute__((always_inline)) {
                const auto g = x.geometry();
                for_results(
                    y,
                    [&](int c, int i, int j) __attribute__((always_inline)) {
                        const auto* from = x.data() + g.at(c, i * w.row_stride, j * w.column_stride);
                        E sum = from[0];
                        for_places(
                            w, [&](int k, int u, int v) __attribute__((always_inline)) {
                                if (k > 0)
                                    sum += from[u * g.row + v * g.pixel];
                            });
                        y(c, i, j) = finish(sum, c, i, j);
                    },
                    [&](int c, int i) __attribute__((always_inline)) { finish_row(f, y, c, i); });
            });
}

/// Overwrites dx, or adds to it: each window's gradient is shared equally by its positions.
template <Store How = Store::overwrite, class DY, class DX, class W>
constexpr void average_pool_gradient(DY dy, DX dx, W window) noexcept {
    using E = typename DX::element;
    const E share = E(scalar_of<E>(1) / static_cast<scalar_of<E>>(window.rows * window.columns));
    spread_over_windows<How>(
        dy, dx,
        window, [&](int c, int i, int j) __attribute__((always_inline)) { return E(dy(c, i, j) * share); },
        [](const E& of, int, int, int) __attribute__((always_inline)) { return of; });
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
