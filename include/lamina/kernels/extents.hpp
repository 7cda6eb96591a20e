// What a kernel runs over: constants for a static model, numbers for a network made at run time. Both are
// spelled alike: `x.geometry().row`, `window.stride`.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/run_time_view.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// A view whose extents are constants.
template <class V>
concept ConstantExtents = requires {
    typename V::shape;
};
template <class V>
concept MayHaveHalo = !ConstantExtents<V> || (V::halo != pad{});

/// The first extent of a view's shape: the channels of an image, the elements of a vector.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr int first_extent(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return V::shape::extents.extent[0];
    else
        return v.geometry().extents.extent[0];
}
/// The answers of a view: the steps of a sequence, otherwise 1.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr int answers_of(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return answer_count(V::shape::extents);
    else
        return answer_count(v.geometry().extents);
}
/// The elements of a view without a halo as a vector.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr auto flattened(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return v.template as<Shape<V::size>>();
    else
        return V{v.data(), typename V::layout{dims{v.size}}};
}

/// A view as an image: C,L is an image of one row.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr auto as_image(const V& v) noexcept {
    if constexpr (ConstantExtents<V>) {
        using S = typename V::shape;
        if constexpr (S::rank == 2)
            return View<std::remove_pointer_t<decltype(v.data())>,
                        Shape<S::extents[0], 1, S::extents[S::rank - 1]>, V::halo, V::order>{v.data()};
        else
            return v;
    } else {
        return v;
    }
}
/// An epilogue of V's elements for `as_image(v)`.
template <class F>
struct OfOneRow {
    F f;

    template <class E>
    [[gnu::always_inline]] constexpr auto operator()(const E& e, int c, int /*row*/, int j) noexcept {
        return f(e, c, j);
    }
};
template <class V, class F>
[[nodiscard, gnu::always_inline]] constexpr auto with_indices_of_image(const F& f) noexcept {
    if constexpr (ConstantExtents<V>) {
        if constexpr (V::shape::rank == 2)
            return OfOneRow<F>{f};
        else
            return f;
    } else {
        return f;
    }
}

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

/// An epilogue `f(value, indices...)` gives what a kernel stores. With extents known at run time the indices
/// are always those of a channel, a row and a column (an element of a vector is a channel). Then f may have
/// `finish_row(view, c, i)` too, which is called when row i of plane c is written, while it is in the first
/// cache: a virtual function is called once for `geometry().width` results from `view.at(c, i, 0)` on. (A
/// vector is one plane of one row, and a view without a halo may come once, as a vector.)
template <class F, class V>
[[gnu::always_inline]] constexpr void finish_row([[maybe_unused]] F& f, [[maybe_unused]] const V& v,
                                                 [[maybe_unused]] int c, [[maybe_unused]] int i) noexcept {
    if constexpr (!ConstantExtents<V> && requires { f.finish_row(v, c, i); })
        f.finish_row(v, c, i);
}
/// The epilogue that changes nothing.
struct AsItIs {
    template <class E, class... Index>
    [[nodiscard, gnu::always_inline]] constexpr E operator()(const E& e, Index...) const noexcept {
        return e;
    }
};

/// Channels `first` and following, as many as `part` has, of an image in planes. `Count` is a constant if
/// extents are.
template <int Count, class E, class S, pad Halo>
[[nodiscard, gnu::always_inline]] constexpr auto share_of_channels(View<E, S, Halo> v, int first,
                                                                   int /*count*/) noexcept {
    using Part = Shape<Count, height<S>, width<S>>;
    return View<E, Part, Halo>{v.data() + std::ptrdiff_t{first} * View<E, S, Halo>::layout::plane};
}
/// The same of an image whose channels come last.
template <int Count, class V>
struct ShareOfPixels {
    using element = typename V::element;
    struct layout : V::layout {
        static constexpr int channels = Count;
    };
    V all;
    int first;

    [[nodiscard, gnu::always_inline]] constexpr auto& operator()(int c, int i, int j) const {
        return all(first + c, i, j);
    }
};
template <int Count, class E, class S, pad Halo>
[[nodiscard, gnu::always_inline]] constexpr auto share_of_channels(View<E, S, Halo, Order::channels_last> v,
                                                                   int first, int /*count*/) noexcept {
    return ShareOfPixels<Count, View<E, S, Halo, Order::channels_last>>{v, first};
}
template <int Count, class E>
[[nodiscard, gnu::always_inline]] constexpr auto share_of_channels(View<E, AnyShape> v, int first,
                                                                   int count) noexcept {
    auto g = v.geometry();
    g.channels = count;
    g.extents.extent[0] = count;
    return View<E, AnyShape>{v.data() + (std::ptrdiff_t{first} * g.plane - g.origin()), g};
}

/// The epilogue of filters from `first` on, for views that begin there.
template <class F, class Y>
struct OfFilters {
    F f;
    Y y;
    int first;

    template <class E, class... Index>
    [[gnu::always_inline]] constexpr auto operator()(const E& e, int o, Index... index) noexcept {
        return f(e, first + o, index...);
    }
    template <class V>
    [[gnu::always_inline]] constexpr void finish_row(const V& /*share*/, int c, int i) noexcept {
        kernels::finish_row(f, y, first + c, i);
    }
};

/// Marks functions for extents known at run time, so that they are found although their headers are included
/// after those of the functions that call them.
struct ByNumbers {};

/// The instantiations of a kernel for all register tiles of at most `Rows` x `Columns` results that fit in
/// registers.
template <class Function, int Rows, int Columns>
struct TileTable {
    static constexpr int rows = Rows, columns = Columns;
    Function* functions[std::size_t{Rows}][std::size_t{Columns}];

    [[nodiscard]] constexpr Function* operator[](Tile t) const noexcept {
        return functions[t.rows - 1][t.columns - 1];
    }
};
/// The table of the functions that `get.operator()<rows, columns>()` returns.
template <int Rows, int Columns, class Function, class Get>
[[nodiscard]] consteval TileTable<Function, Rows, Columns> tile_table(Get get) noexcept {
    TileTable<Function, Rows, Columns> table{};
    for_each_index<Rows * Columns>([&](auto i) {
        constexpr int rows = i / Columns + 1, columns = i % Columns + 1;
        if constexpr (rows * columns + columns + 1 <= vector_registers || rows * columns == 1)
            table.functions[rows - 1][columns - 1] = get.template operator()<rows, columns>();
    });
    return table;
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
