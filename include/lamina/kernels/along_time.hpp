// A sequence as recurrent kernels read and write it: some of its channels, from the first step to the last,
// or the other way.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

enum class Direction { forward, reverse };

/// One of `Parts` equal shares of a view's channels. Reversed, step 0 is the last, and the distance between
/// neighbouring steps, `pixel`, is negative.
template <class V, Direction D, int Parts>
struct AlongTime {
    using element = typename V::element;
    using shape = typename V::shape;
    static constexpr Order order = V::order;
    struct layout {
        static constexpr int channels = V::layout::channels / Parts, width = V::layout::width;
        static constexpr int plane = V::layout::plane;
        static constexpr int pixel = D == Direction::forward ? V::layout::pixel : -V::layout::pixel;
    };
    V all;
    int first; ///< channel

    [[nodiscard, gnu::always_inline]] static constexpr layout geometry() noexcept { return {}; }
    [[nodiscard, gnu::always_inline]] constexpr auto* data() const noexcept {
        constexpr int step = D == Direction::forward ? 0 : layout::width - 1;
        return all.data() + (std::ptrdiff_t{first} * layout::plane + std::ptrdiff_t{step} * V::layout::pixel);
    }
};
/// The same of extents known at run time.
template <class V, Direction D>
struct RunTimeAlongTime {
    using element = typename V::element;
    struct layout {
        int channels, width;
        std::ptrdiff_t plane, pixel;
    };
    decltype(V{}.data()) start;
    layout extents;

    [[nodiscard]] constexpr const layout& geometry() const noexcept { return extents; }
    [[nodiscard]] constexpr auto* data() const noexcept { return start; }
};

template <Direction D, int Parts, class V>
[[nodiscard, gnu::always_inline]] constexpr auto along_time(const V& v, int part) noexcept {
    const auto g = v.geometry();
    const int channels = g.channels / Parts;
    if constexpr (ConstantExtents<V>) {
        return AlongTime<V, D, Parts>{v, part * channels};
    } else {
        const std::ptrdiff_t pixel = g.pixel, step = D == Direction::forward ? 0 : g.width - 1;
        return RunTimeAlongTime<V, D>{v.data() + (std::ptrdiff_t{part} * channels * g.plane + step * pixel),
                                      {channels, g.width, g.plane, D == Direction::forward ? pixel : -pixel}};
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
