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

/// The extents of a view's shape.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr const dims& extents_of(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return V::shape::extents;
    else
        return v.geometry().extents;
}
/// The first extent of a view's shape: the channels of an image, the elements of a vector.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr int first_extent(const V& v) noexcept {
    return extents_of(v).extent[0];
}
/// The answers of a view: the steps of a sequence, otherwise 1.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr int answers_of(const V& v) noexcept {
    return answer_count(extents_of(v));
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
    [[gnu::always_inline]] constexpr auto operator()(const E& e, int c, int /*row*/, auto j) noexcept {
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
