// The elements of views of the same shape, as rows of neighbours in memory.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// `count` planes of `rows` rows of `columns` elements: the channels of a shape, which are its first extent
/// (elements of a vector are channels of one element), or, if `Joined`, all elements of flat views in one
/// row.
template <class S, bool Joined>
struct Rows {
    static constexpr int count = Joined ? 1 : S::extents[0];
    static constexpr int rows = !Joined && S::rank == 3 ? S::extents[S::rank == 3 ? 1 : 0] : 1;
    static constexpr int columns = S::size / count / rows;

    /// The first element of row i of plane c of a view. The next one is `V::layout::pixel` elements further.
    template <class V>
    [[nodiscard, gnu::always_inline]] static constexpr auto* row(V v, int c, int i) noexcept {
        if constexpr (!Joined && S::rank == 3)
            return v.data() + V::layout::at(c, i, 0);
        else if constexpr (!Joined && S::rank == 2)
            return v.data() + V::layout::at(c, 0);
        else
            return v.data() + std::ptrdiff_t{c} * columns;
    }
};

/// The same with extents known at run time.
struct RunTimeRows {
    int count, rows, columns;
    bool are_of_image; // neither joined nor of another tensor

    RunTimeRows(const dims& d, bool joined) noexcept
        : count{joined ? 1 : d.extent[0]}, rows{!joined && d.rank == 3 ? d.extent[1] : 1},
          columns{static_cast<int>(d.size()) / count / rows}, are_of_image{!joined && is_image(d)} {}

    template <class V>
    [[nodiscard, gnu::always_inline]] auto* row(const V& v, int c, int i) const noexcept {
        return v.data() + (are_of_image ? v.geometry().at(c, i, 0) : std::ptrdiff_t{c} * columns);
    }
};

/// The channels of a view.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr auto channels_of(const V& v) noexcept {
    if constexpr (ConstantExtents<V>)
        return Rows<typename V::shape, false>{};
    else
        return RunTimeRows{v.geometry().extents, false};
}
/// Rows of views of one shape that are as long as possible, where it does not matter which channel an element
/// is of.
template <class V, class... More>
[[nodiscard, gnu::always_inline]] constexpr auto long_rows(const V& v, const More&... more) noexcept {
    if constexpr (ConstantExtents<V>)
        return Rows < typename V::shape, V::flat && (More::flat && ...) > {};
    else
        return RunTimeRows{v.geometry().extents, v.flat && (more.flat && ...)};
}

/// f(first row, first column, rows, columns) for blocks of a plane of at most `most` elements.
template <class Plane, class F>
[[gnu::always_inline]] constexpr void for_blocks(const Plane& plane, int most, F f) noexcept {
    const int H = plane.rows, W = plane.columns;
    const int rows = W < most ? most / W : 1, columns = W < most ? W : most;
    for (int i = 0; i < H; i += rows)
        for (int j = 0; j < W; j += columns)
            f(i, j, rows < H - i ? rows : H - i, columns < W - j ? columns : W - j);
}

/// f(e, c, i, j) of the element of channel c of a view V that lies in row i and column j: with as many
/// indices as its shape has, or all three if extents are known at run time.
template <class V, class F, class E>
[[nodiscard, gnu::always_inline]] constexpr E with_indices_of(F& f, const E& e, int c, int i,
                                                              int j) noexcept {
    if constexpr (!ConstantExtents<V>)
        return f(e, c, i, j);
    else if constexpr (V::shape::rank == 3)
        return f(e, c, i, j);
    else if constexpr (V::shape::rank == 2)
        return f(e, c, j);
    else
        return f(e, c);
}

/// After row i of channel c of v was written: `finish_row`. What is not an image is finished at once.
template <class R, class F, class V>
[[gnu::always_inline]] constexpr void finish_row_of([[maybe_unused]] const R& rows, [[maybe_unused]] F& f,
                                                    [[maybe_unused]] const V& v, [[maybe_unused]] int c,
                                                    [[maybe_unused]] int i) noexcept {
    if constexpr (!ConstantExtents<V>) {
        if (rows.are_of_image)
            finish_row(f, v, c, i);
        else if (c + 1 == rows.count)
            finish_row(f, v, 0, 0);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
