// The windows of convolutions and pools, as constants or as numbers, and where they lie in an image.
#pragma once

#include <lamina/ieee.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// The window of a convolution or of a pool: its taps, how far windows and taps are apart, and how many cells
/// of padding lie above and left of the first window. Each of the groups of a convolution's filters sees its
/// own share of the channels.
struct RunTimeWindow {
    int rows, columns, row_stride, column_stride;
    int top = 0, left = 0;
    int row_dilation = 1, column_dilation = 1;
    int groups = 1;

    [[nodiscard]] constexpr bool is(int size, int step) const noexcept {
        return rows == size && columns == size && row_stride == step && column_stride == step &&
               row_dilation == 1 && column_dilation == 1;
    }
};
/// The same as constants.
template <RunTimeWindow W>
struct Window {
    static constexpr bool is_constant = true;
    static constexpr int rows = W.rows, columns = W.columns;
    static constexpr int row_stride = W.row_stride, column_stride = W.column_stride;
    static constexpr int top = W.top, left = W.left;
    static constexpr int row_dilation = W.row_dilation, column_dilation = W.column_dilation;
    static constexpr int groups = W.groups;
};
/// The same of the most usual sizes and strides, whose loops over the window are unrolled.
template <int Size, int Stride>
struct UsualWindow {
    static constexpr bool is_constant = true, is_unrolled = true;
    static constexpr int rows = Size, columns = Size, row_stride = Stride, column_stride = Stride;
    static constexpr int row_dilation = 1, column_dilation = 1;
    int top, left;
};
template <class W>
concept ConstantWindow = requires {
    requires W::is_constant;
};
template <class W>
concept UnrolledWindow = requires {
    requires W::is_unrolled;
};

/// The rows and columns of a window that lie in the image: all of them, or those that are no padding.
struct Cells {
    int from_row, to_row, from_column, to_column;

    [[nodiscard, gnu::always_inline]] constexpr int count() const noexcept {
        return (to_row - from_row) * (to_column - from_column);
    }
};

/// Where windows lie along an axis.
struct WindowsOfAxis {
    int taps, stride, before; ///< `before`: cells of padding before the first
    int extent, count;        ///< of the image, and of windows

    [[nodiscard, gnu::always_inline]] constexpr int start(int window) const noexcept {
        return window * stride - before;
    }
    /// The taps that lie in the image.
    [[nodiscard, gnu::always_inline]] constexpr int first_tap(int window) const noexcept {
        return start(window) < 0 ? -start(window) : 0;
    }
    [[nodiscard, gnu::always_inline]] constexpr int last_tap(int window) const noexcept { // the one behind it
        return extent - start(window) < taps ? extent - start(window) : taps;
    }
    /// The windows that lie in the image as a whole.
    [[nodiscard, gnu::always_inline]] constexpr int first_whole() const noexcept {
        return (before + stride - 1) / stride < count ? (before + stride - 1) / stride : count;
    }
    [[nodiscard, gnu::always_inline]] constexpr int last_whole() const noexcept { // the one behind it
        const int room = extent + before - taps, windows = room < 0 ? 0 : room / stride + 1;
        return windows < first_whole() ? first_whole() : windows < count ? windows : count;
    }
    [[nodiscard, gnu::always_inline]] constexpr bool are_all_whole() const noexcept {
        return before == 0 && start(count - 1) + taps <= extent;
    }
    /// Whether no cell of the image lies behind the last window.
    [[nodiscard, gnu::always_inline]] constexpr bool reach_the_end() const noexcept {
        return start(count - 1) + taps >= extent;
    }
};
/// The windows `w` of the image with the geometry x, whose results have the geometry y.
template <class W, class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr WindowsOfAxis windows_of_rows(const W& w, const X& x,
                                                                          const Y& y) noexcept {
    return {w.rows, w.row_stride, w.top, x.height, y.height};
}
template <class W, class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr WindowsOfAxis windows_of_columns(const W& w, const X& x,
                                                                             const Y& y) noexcept {
    return {w.columns, w.column_stride, w.left, x.width, y.width};
}
template <class W, class X, class Y>
[[nodiscard, gnu::always_inline]] constexpr bool are_all_whole(const W& w, const X& x, const Y& y) noexcept {
    return windows_of_rows(w, x, y).are_all_whole() && windows_of_columns(w, x, y).are_all_whole();
}

/// f(k, u, v) for each position of a window that lies in the image, the k-th of all.
template <class W, class F>
[[gnu::always_inline]] constexpr void for_cells(const W& w, const Cells& cells, F f) noexcept {
    for (int u = cells.from_row; u < cells.to_row; ++u)
        for (int v = cells.from_column; v < cells.to_column; ++v)
            f(u * w.columns + v, u, v);
}
/// f(k, u, v) for the k-th position of a window, row u and column v.
template <class W, class F>
[[gnu::always_inline]] constexpr void for_places(const W& w, F f) noexcept {
    if constexpr (ConstantWindow<W>) {
        for (int k = 0; k < W::rows * W::columns; ++k)
            f(k, k / W::columns, k % W::columns);
    } else {
        int k = 0;
        for (int u = 0; u < w.rows; ++u)
            for (int v = 0; v < w.columns; ++v)
                f(k++, u, v);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
