// Pooling of one sample with extents known at run time. Whole vectors may be read beyond the end of a buffer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/row_vectors.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// A row of pooling over windows of 2 x 2 that tile the image. Rows are read by whole vectors, and may be so
/// beyond their end. They are written so where what follows is written later.
template <class X, class Y, class Join, class Finish>
inline void halve(const X& x, const Y& y, Join join, Finish finish, int c, int i) noexcept {
    has_effects();
    using T = typename Y::element;
    constexpr int L = native_lanes<T>;
    constexpr std::make_index_sequence<std::size_t{L}> lanes{};
    const int width = y.geometry().width;
    for (int j = 0; j < width; j += L) {
        const T* above = x.at(c, 2 * i, 2 * j);
        const auto half = [&](const T* row) __attribute__((always_inline)) {
            const pack<T> a = pack<T>::load(row), b = pack<T>::load(row + L);
            return join(every_second<0>(a, b, lanes), every_second<1>(a, b, lanes));
        };
        const pack<T> result = finish(join(half(above), half(above + x.geometry().row)), c, i, j);
        if (width - j >= L || (y.flat && y.geometry().at(c, i, j) + L <= y.size))
            result.store(y.at(c, i, j));
        else
            store_some(result, y.at(c, i, j), width - j);
    }
}

/// Pooling of one sample: `join` combines two values of a window, `finish(value, cells, c, i, j)` turns the
/// combined value of so many into the result; `f` may have `finish_row`.
template <class X, class Y, class Join, class Finish, class Epilogue>
inline void pool_by_numbers(ByNumbers, X x, Y y, RunTimeWindow w, Join join, Finish finish,
                            Epilogue f) noexcept {
    has_effects();
    using T = typename Y::element;
    const auto g = x.geometry();
    const auto ys = y.geometry();
    const WindowsOfAxis rows = windows_of_rows(w, g, ys), columns = windows_of_columns(w, g, ys);
    const bool halves = w.is(2, 2) && are_all_whole(w, g, ys);
    for (int c = 0; c < ys.channels; ++c)
        for (int i = 0; i < ys.height; ++i) {
            if (halves) {
                halve(
                    x, y, join,
                    [&](auto value, auto... index)
                        __attribute__((always_inline)) { return finish(value, 4, index...); },
                    c, i);
            } else {
                const int u0 = rows.first_tap(i), u1 = rows.last_tap(i);
                for (int j = 0; j < ys.width; ++j) {
                    const int v0 = columns.first_tap(j), v1 = columns.last_tap(j);
                    const T* from = x.at(c, rows.start(i) + u0, columns.start(j) + v0);
                    T value = from[0];
                    for (int v = 1; v < v1 - v0; ++v)
                        value = join(value, from[v]);
                    for (int u = 1; u < u1 - u0; ++u)
                        for (int v = 0; v < v1 - v0; ++v)
                            value = join(value, from[u * g.row + v]);
                    y(c, i, j) = finish(value, (u1 - u0) * (v1 - v0), c, i, j);
                }
            }
            if (!y.flat)
                finish_row(f, y, c, i);
        }
    if (y.flat) // at once: rows may be shorter than a vector
        finish_row(f, flattened(y), 0, 0);
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
