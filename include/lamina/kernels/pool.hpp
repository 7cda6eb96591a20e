// Pooling over windows, and its gradients.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/window.hpp>
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
        f(UsualWindow<2, 2>{w.top, w.left});
    else if (w.is(3, 2))
        f(UsualWindow<3, 2>{w.top, w.left});
    else
        f(w);
}

/// For each result of y, row by row, the window of x that it is of: `whole(c, i, j)`, or, where some of the
/// window is padding, `part(c, i, j, cells)`; and `after(c, i)` each row. x and y are geometries.
template <class X, class Y, class W, class Whole, class Part, class After>
[[gnu::always_inline]] constexpr void for_windows(const X& x, const Y& y, const W& w, Whole whole, Part part,
                                                  After after) noexcept {
    const WindowsOfAxis rows = windows_of_rows(w, x, y), columns = windows_of_columns(w, x, y);
    if constexpr (std::is_empty_v<X>) // extents are constants: so is whether there is padding
        if (rows.are_all_whole() && columns.are_all_whole()) {
            for (int c = 0; c < y.channels; ++c)
                for (int i = 0; i < y.height; ++i) {
                    for (int j = 0; j < y.width; ++j)
                        whole(c, i, j);
                    after(c, i);
                }
            return;
        }
    for (int c = 0; c < y.channels; ++c)
        for (int i = 0; i < y.height; ++i) {
            Cells cells{rows.first_tap(i), rows.last_tap(i), 0, 0};
            const bool is_whole = cells.from_row == 0 && cells.to_row == w.rows;
            const auto parts = [&](int j, int end) __attribute__((always_inline)) {
                for (; j < end; ++j) {
                    cells.from_column = columns.first_tap(j);
                    cells.to_column = columns.last_tap(j);
                    part(c, i, j, cells);
                }
            };
            const int first = is_whole ? columns.first_whole() : y.width,
                      last = is_whole ? columns.last_whole() : y.width;
            parts(0, first);
            for (int j = first; j < last; ++j)
                whole(c, i, j);
            parts(last, y.width);
            after(c, i);
        }
}

/// The distance of row u and column v of the window of result (c, i, j) from the first element of x.
template <class X, class W>
[[nodiscard, gnu::always_inline]] constexpr std::ptrdiff_t
cell_of_window(const X& x, const W& w, int c, int i, int j, int u, int v) noexcept {
    return x.at(c, i * w.row_stride - w.top + u, j * w.column_stride - w.left + v);
}

/// y(c, i, j) = f(max over the window of x, c, i, j). Padding is less than everything. If `argmax` is a
/// pointer, it receives the position of each maximum within its window, in the order of y; of several equal
/// ones the first.
template <class X, class Y, class W, class Argmax = std::nullptr_t, class Epilogue = AsItIs>
constexpr void max_pool(X x, Y y, W window, [[maybe_unused]] Argmax argmax = {}, Epilogue f = {}) noexcept {
    has_effects();
    using E = typename Y::element;
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<E>)
        pool_by_numbers(
            ByNumbers{}, x, y, window,
            [](auto a, auto b) __attribute__((always_inline)) { return (max)(a, b); },
            [&](auto value, int, auto... index) __attribute__((always_inline)) { return f(value, index...); },
            f);
    else
        with_usual_window(
            window, [&](auto w) __attribute__((always_inline)) {
                const auto g = x.geometry();
                const auto pooled = [&](int c, int i, int j, int first, const E* from, auto for_each)
                    __attribute__((always_inline)) {
                    E best = from[0];
                    if constexpr (std::is_pointer_v<Argmax>) {
                        E which = E(static_cast<scalar_of<E>>(first));
                        for_each([&](int k, int u, int v) __attribute__((always_inline)) {
                            if (k == first)
                                return;
                            const E candidate = from[u * g.row + v * g.pixel];
                            const auto larger = candidate > best;
                            best = select(larger, candidate, best);
                            which = select(larger, E(static_cast<scalar_of<E>>(k)), which);
                        });
                        *argmax++ = which;
                    } else {
                        for_each([&](int k, int u, int v) __attribute__((always_inline)) {
                            if (k > first)
                                best = (max)(best, E(from[u * g.row + v * g.pixel]));
                        });
                    }
                    y(c, i, j) = f(best, c, i, j);
                };
                for_windows(
                    g, y.geometry(), w,
                    [&](int c, int i, int j) __attribute__((always_inline)) {
                        pooled(
                            c, i, j, 0, x.data() + cell_of_window(g, w, c, i, j, 0, 0),
                            [&](auto each) __attribute__((always_inline)) { for_places(w, each); });
                    },
                    [&](int c, int i, int j, const Cells& cells) __attribute__((always_inline)) {
                        const int u0 = cells.from_row, v0 = cells.from_column;
                        pooled(
                            c, i, j, u0 * w.columns + v0, x.data() + cell_of_window(g, w, c, i, j, u0, v0),
                            [&](auto each) __attribute__((always_inline)) {
                                for_cells(
                                    w, cells, [&](int k, int u, int v) __attribute__((always_inline)) {
                                        each(k, u - u0, v - v0);
                                    });
                            });
                    },
                    [&](int c, int i) __attribute__((always_inline)) { finish_row(f, y, c, i); });
            });
}

/// Overwrites dx, or adds to it: of what `of(c, i, j, cells)` says of a window, position k gets
/// share(of, k, u, v), where u and v are the distance from the first position that is no padding. Only where
/// windows overlap or leave gaps dx is overwritten with zeros first.
template <Store How, class DY, class DX, class W, class Of, class Share>
constexpr void spread_over_windows(DY dy, DX dx, W window, Of of, Share share) noexcept {
    has_effects();
    using E = typename DX::element;
    with_usual_window(
        window, [&](auto w) __attribute__((always_inline)) {
            const auto g = dx.geometry();
            const auto results = dy.geometry();
            const bool writes =
                How == Store::overwrite && w.rows == w.row_stride && w.columns == w.column_stride;
            if (How == Store::overwrite && !(writes && windows_of_rows(w, g, results).reach_the_end() &&
                                             windows_of_columns(w, g, results).reach_the_end()))
                fill_zero(dx);
            for_windows(
                g, results, w,
                [&](int c, int i, int j) __attribute__((always_inline)) {
                    E* const to = dx.data() + cell_of_window(g, w, c, i, j, 0, 0);
                    auto whole = of(c, i, j, Cells{0, w.rows, 0, w.columns});
                    for_places(
                        w, [&](int k, int u, int v) __attribute__((always_inline)) {
                            E& place = to[u * g.row + v * g.pixel];
                            const E part = share(whole, k, u, v);
                            place = writes ? part : place + part;
                        });
                },
                [&](int c, int i, int j, const Cells& cells) __attribute__((always_inline)) {
                    auto whole = of(c, i, j, cells);
                    for_cells(
                        w, cells, [&](int k, int u, int v) __attribute__((always_inline)) {
                            E& place = dx.data()[cell_of_window(g, w, c, i, j, u, v)];
                            const E part = share(whole, k, u - cells.from_row, v - cells.from_column);
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
        [&](int c, int i, int j, const Cells& cells) __attribute__((always_inline)) {
            return Of{dy(c, i, j), y(c, i, j),
                      x.data() + cell_of_window(g, window, c, i, j, cells.from_row, cells.from_column)};
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
        [&](int c, int i, int j, const Cells&) __attribute__((always_inline)) {
            return Of{dy(c, i, j), *argmax++};
        },
        [](const Of& of, int k, int, int) __attribute__((always_inline)) {
            return select(of.which == E(static_cast<scalar_of<E>>(k)), of.gradient, E(0));
        });
}

/// What the sum over a window is divided by: the positions of the window, or, unless padding counts, those in
/// the image.
enum class Divisor { window, cells };

/// Its reciprocal, of `cells` positions in the image.
template <class T, class W>
[[nodiscard, gnu::always_inline]] constexpr T share_of(const W& w, Divisor divisor, int cells) noexcept {
    return T(1) / static_cast<T>(divisor == Divisor::window ? w.rows * w.columns : cells);
}

/// y(c, i, j) = f(mean over the window of x, c, i, j). Padding is zeros.
template <class X, class Y, class W, class Epilogue = AsItIs>
constexpr void average_pool(X x, Y y, W window, Epilogue f = {}, Divisor divisor = Divisor::window) noexcept {
    has_effects();
    using E = typename Y::element;
    const auto share = share_of<scalar_of<E>>(window, Divisor::window, 0);
    const auto finish = [&](auto sum, int cells, auto... index) __attribute__((always_inline)) {
        if (cells == window.rows * window.columns || divisor == Divisor::window)
            return f(sum * decltype(sum)(share), index...);
        return f(sum * decltype(sum)(share_of<scalar_of<E>>(window, divisor, cells)), index...);
    };
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<E>)
        pool_by_numbers(
            ByNumbers{}, x, y, window, [](auto a, auto b) __attribute__((always_inline)) { return a + b; },
            finish, f);
    else
        with_usual_window(
            window, [&](auto w) __attribute__((always_inline)) {
                const auto g = x.geometry();
                for_windows(
                    g, y.geometry(), w,
                    [&](int c, int i, int j) __attribute__((always_inline)) {
                        const auto* from = x.data() + cell_of_window(g, w, c, i, j, 0, 0);
                        E sum = from[0];
                        for_places(
                            w, [&](int k, int u, int v) __attribute__((always_inline)) {
                                if (k > 0)
                                    sum += from[u * g.row + v * g.pixel];
                            });
                        y(c, i, j) = finish(sum, w.rows * w.columns, c, i, j);
                    },
                    [&](int c, int i, int j, const Cells& cells) __attribute__((always_inline)) {
                        E sum = E(0);
                        for_cells(
                            w, cells, [&](int, int u, int v) __attribute__((always_inline)) {
                                sum += x.data()[cell_of_window(g, w, c, i, j, u, v)];
                            });
                        y(c, i, j) = finish(sum, cells.count(), c, i, j);
                    },
                    [&](int c, int i) __attribute__((always_inline)) { finish_row(f, y, c, i); });
            });
}

/// Overwrites dx, or adds to it: each window's gradient is shared equally by its positions.
template <Store How = Store::overwrite, class DY, class DX, class W>
constexpr void average_pool_gradient(DY dy, DX dx, W window, Divisor divisor = Divisor::window) noexcept {
    using E = typename DX::element;
    using T = scalar_of<E>;
    const E share = E(share_of<T>(window, Divisor::window, 0));
    spread_over_windows<How>(
        dy, dx, window,
        [&](int c, int i, int j, const Cells& cells) __attribute__((always_inline)) {
            if (divisor == Divisor::window || cells.count() == window.rows * window.columns)
                return E(dy(c, i, j) * share);
            return E(dy(c, i, j) * E(share_of<T>(window, divisor, cells.count())));
        },
        [](const E& of, int, int, int) __attribute__((always_inline)) { return of; });
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
