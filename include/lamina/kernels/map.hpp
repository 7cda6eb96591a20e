// Functions applied element by element.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The same of `count` neighbours.
template <Store How, class F, class E, class... X>
[[gnu::always_inline]] constexpr void map_row(int count, F& f, E* y, const X*... x) noexcept {
    int i = 0;
    if constexpr (std::is_floating_point_v<E> && sizeof...(X) > 0) {
        if (!std::is_constant_evaluated()) // neighbours as a vector: f takes packs as it takes numbers
            for (; i + native_lanes<E> <= count; i += native_lanes<E>) {
                pack<E> result = f(pack<E>::load(x + i)...);
                if constexpr (How == Store::add)
                    result += pack<E>::load(y + i);
                result.store(y + i);
            }
    }
    for (; i < count; ++i)
        store<How>(y[i], E(f(x[i]...)));
}

/// y(i) = f(x(i), ...), or y(i) += f(x(i), ...), for views of the same shape with any halos. y may be one of
/// the x.
template <Store How = Store::overwrite, class Y, class F, class... X>
constexpr void map(Y y, F f, X... x) noexcept {
    has_effects();
    if constexpr (!ConstantExtents<Y>) {
        const auto rows = long_rows(y, x...);
        for (int c = 0; c < rows.count; ++c)
            for (int i = 0; i < rows.rows; ++i)
                map_row<How>(rows.columns, f, rows.row(y, c, i), rows.row(x, c, i)...);
    } else if constexpr (Y::halo == pad{} && ((X::halo == pad{} && X::order == Y::order) && ...)) {
        map_row<How>(Y::size, f, y.data(), x.data()...);
    } else {
        for (int c = 0; c < Y::layout::channels; ++c)
            for (int i = 0; i < Y::layout::height; ++i)
                for (int j = 0; j < Y::layout::width; ++j)
                    store<How>(as_image(y)(c, i, j), typename Y::element(f(as_image(x)(c, i, j)...)));
    }
}

/// Stores an element that f may have changed; const arrays are left alone.
template <class T>
[[gnu::always_inline]] inline void put_back(T* to, pack<T> e) noexcept {
    e.store(to);
}
template <class T>
[[gnu::always_inline]] inline void put_back(const T*, pack<T>) noexcept {}

/// Calls f(a[i], b[i], ...) for elements `from` up to `to` of arrays that do not overlap. f takes references
/// to packs or to numbers, and may change the elements of arrays that are not const.
template <class T, class F, class... Arrays>
constexpr void for_each_element(int from, int to, F f, Arrays* __restrict... arrays) noexcept {
    has_effects();
    int i = from;
    if (!std::is_constant_evaluated()) {
#pragma GCC unroll 4
        for (; i <= to - native_lanes<T>; i += native_lanes<T>) {
            const auto in_place = [&](auto... e) __attribute__((always_inline)) {
                f(e...);
                (put_back(arrays + i, e), ...);
            };
            in_place(pack<T>::load(arrays + i)...);
        }
    }
    for (; i < to; ++i)
        f(arrays[i]...);
}

/// y = x, for views with any halos and orders.
template <class X, class Y>
constexpr void copy(X x, Y y) noexcept {
    has_effects();
    if constexpr (ConstantExtents<Y>)
        if constexpr (X::flat && Y::flat)
            if (!std::is_constant_evaluated()) {
                __builtin_memcpy(y.data(), x.data(), Y::size * sizeof(typename Y::element));
                return;
            }
    map(
        y, [](auto e) { return e; }, x);
}

/// f(whole(first + c, ...), part(c, ...)) for each element of `part`, which is a share of `whole` along the
/// first axis: channels `first` and following of an image, of each image of a sequence; elements of a vector.
/// An image can be a share of a vector, which has its elements one after another from `first` on. f takes
/// references.
template <class Whole, class Part, class F>
constexpr void map_part(Whole whole, int first, Part part, F f) noexcept {
    has_effects();
    // Of a sequence of images, channel c of the part is one of image c / own_channels.
    const bool of_images = image_count(extents_of(part)) > 0 && image_count(extents_of(whole)) > 0;
    const int own_channels = of_images ? channels_in(extents_of(part)) : 1,
              others = of_images ? channels_in(extents_of(whole)) - own_channels : 0;
    const auto in_whole = [=](int c) __attribute__((always_inline)) {
        return first + c + c / own_channels * others;
    };
    if constexpr (!ConstantExtents<Part>) {
        const auto parts = part.geometry();
        const auto all = whole.geometry();
        const bool of_image = is_image(all.extents) && is_image(parts.extents);
        const std::ptrdiff_t from = std::ptrdiff_t{first} * (whole.size / all.extents.extent[0]);
        for (int c = 0; c < parts.channels; ++c)
            for (int i = 0; i < parts.height; ++i) {
                const std::ptrdiff_t at = (std::ptrdiff_t{c} * parts.height + i) * parts.width;
                auto* const to = whole.data() + (of_image ? all.at(in_whole(c), i, 0) : from + at);
                auto* const own = part.data() + parts.at(c, i, 0);
                for (int j = 0; j < parts.width; ++j)
                    f(to[j], own[j]);
            }
    } else if constexpr (Part::shape::rank == 3) {
        using S = typename Part::shape;
        for (int c = 0; c < channels<S>; ++c)
            for (int i = 0; i < height<S>; ++i)
                for (int j = 0; j < width<S>; ++j)
                    if constexpr (Whole::shape::rank == 3)
                        f(whole(in_whole(c), i, j), part(c, i, j));
                    else
                        f(whole[first + (c * height<S> + i) * width<S> + j], part(c, i, j));
    } else if constexpr (Part::shape::rank == 2 && Whole::shape::rank == 2) {
        for (int c = 0; c < Part::shape::extents[0]; ++c)
            for (int j = 0; j < Part::shape::extents[1]; ++j)
                f(whole(first + c, j), part(c, j));
    } else {
        const std::ptrdiff_t from = std::ptrdiff_t{first} * (Whole::size / Whole::shape::extents[0]);
        for (std::ptrdiff_t i = 0; i < Part::size; ++i)
            f(whole[from + i], part[i]);
    }
}

/// Overwrites a view's elements with zeros, but not its halo.
template <class V>
constexpr void fill_zero(V v) noexcept {
    map(v, [] { return typename V::element(0); });
}

/// Overwrites a view's halo with zeros.
template <class V>
constexpr void fill_halo_with_zeros(V v) noexcept {
    has_effects();
    if constexpr (MayHaveHalo<V>) {
        // Pixels are single elements of one of many planes, or all channels side by side.
        const auto g = v.geometry();
        const pad P = g.halo;
        const std::ptrdiff_t row = g.row, pixel = g.pixel, between = (P.left + P.right) * pixel;
        const auto fill = [](auto* from, std::ptrdiff_t count) __attribute__((always_inline)) {
            for (std::ptrdiff_t k = 0; k < count; ++k)
                from[k] = typename V::element(0);
        };
        const int planes = P == pad{} ? 0 : V::order == Order::channels_last ? 1 : g.channels;
        for (int c = 0; c < planes; ++c) {
            auto* const plane = v.data() + std::ptrdiff_t{c} * g.plane;
            auto* const right = plane + g.width * pixel;
            const std::ptrdiff_t before = P.top * row + P.left * pixel;
            fill(plane - before, before);
            if constexpr (V::order == Order::channels_last)
                for (int i = 0; i + 1 < g.height; ++i)
                    fill(right + i * row, between);
            else // down the columns: they are longer
                for (std::ptrdiff_t k = 0; k < between; ++k)
                    for (int i = 0; i + 1 < g.height; ++i)
                        right[i * row + k] = typename V::element(0);
            fill(right + (g.height - 1) * row, P.right * pixel + P.bottom * row);
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
