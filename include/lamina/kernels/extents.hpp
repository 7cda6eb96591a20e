// What a kernel runs over: constants for a static model, numbers for a network made at run time. Both are
// spelled alike: `x.geometry().row`, `window.stride`.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/shape.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// A view whose extents are constants.
template <class V>
concept ConstantExtents = requires {
    typename V::shape;
};
template <class V>
concept MayHaveHalo = !ConstantExtents<V> || (V::halo > 0);

/// The first extent of a view's shape: the channels of an image, the elements of a vector.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr int first_extent(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return V::shape::extents.extent[0];
    else
        return v.geometry().extents.extent[0];
}
/// The elements of a view without a halo as a vector.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr auto flattened(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return v.template as<Shape<V::size>>();
    else
        return V{v.data(), typename V::layout{dims{v.size}}};
}

/// The window of a convolution or of a pool.
template <int Rows, int Columns, int Stride, int Padding = 0>
struct Window {
    static constexpr bool is_constant = true;
    static constexpr int rows = Rows, columns = Columns, stride = Stride, padding = Padding;
};
/// The same, known at run time.
struct RunTimeWindow {
    int rows, columns, stride, padding;

    [[nodiscard]] constexpr bool is(int size, int step) const noexcept {
        return rows == size && columns == size && stride == step;
    }
};
/// The same of the most usual sizes and strides, whose loops over the window are unrolled.
template <int Size, int Stride>
struct UsualWindow {
    static constexpr bool is_constant = true, is_unrolled = true;
    static constexpr int rows = Size, columns = Size, stride = Stride;
    int padding;
};
template <class W>
concept ConstantWindow = requires {
    requires W::is_constant;
};
template <class W>
concept UnrolledWindow = requires {
    requires W::is_unrolled;
};

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
