// Functions of elements and of the channel that they are in.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/pack.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The channels of any shape: its first extent. The rest of it is a plane, of one element in a vector.
template <class S>
inline constexpr int channel_count = S::extents[0];

/// Channel `c` of a view whose planes are arrays.
template <class E, class S>
[[nodiscard, gnu::always_inline]] constexpr auto plane_of(View<E, S> v, int c) noexcept {
    constexpr int size = S::size / channel_count<S>;
    return View<E, Shape<size>>{v.data() + std::ptrdiff_t{c} * size};
}

/// y(c, ...) = f(c, x(c, ...), ...), or y(c, ...) += it, for views of the same shape with any halos. y may be
/// one of the x.
template <Store How = Store::overwrite, class Y, class F, class... X>
constexpr void map_channels(Y y, F f, X... x) noexcept {
    has_effects();
    for (int c = 0; c < first_extent(y); ++c) {
        const auto of_channel = [&](auto... e) __attribute__((always_inline)) {
            return f(c, e...);
        };
        if constexpr (!ConstantExtents<Y>) {
            const auto rows = channels_of(y);
            for (int i = 0; i < rows.rows; ++i)
                map_row<How>(rows.columns, of_channel, rows.row(y, c, i), rows.row(x, c, i)...);
        } else if constexpr (Y::flat && (X::flat && ...)) {
            map<How>(plane_of(y, c), of_channel, plane_of(x, c)...);
        } else {
            for (int i = 0; i < Y::layout::height; ++i)
                for (int j = 0; j < Y::layout::width; ++j)
                    store<How>(as_image(y)(c, i, j),
                               typename Y::element(of_channel(as_image(x)(c, i, j)...)));
        }
    }
}

/// The sum of f(x(c, ...), ...) over the elements of channel `c`, in each lane.
template <class F, class X, class... Others>
[[nodiscard]] constexpr auto sum_of_channel(int c, F f, X x, Others... others) noexcept {
    has_effects();
    auto sum = typename X::element(0);
    if constexpr (!ConstantExtents<X>) {
        const auto rows = channels_of(x);
        for (int i = 0; i < rows.rows; ++i)
            for (int j = 0; j < rows.columns; ++j)
                sum += f(rows.row(x, c, i)[j], rows.row(others, c, i)[j]...);
    } else if constexpr (X::flat && (Others::flat && ...)) {
        using S = typename X::shape;
        const int size = X::size / channel_count<S>, from = c * size;
        for (int i = from; i < from + size; ++i)
            sum += f(x.data()[i], others.data()[i]...);
    } else {
        for (int i = 0; i < X::layout::height; ++i)
            for (int j = 0; j < X::layout::width; ++j)
                sum += f(as_image(x)(c, i, j), as_image(others)(c, i, j)...);
    }
    return sum;
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
