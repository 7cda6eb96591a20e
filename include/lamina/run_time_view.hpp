// Views whose extents are known at run time: View<E, AnyShape>. A layer's function takes them as it takes
// views with constant extents, if it asks in a way that holds for both. For views `x` and `y` that are its
// arguments:
//
//     x.size                      elements: an int. It is a constant expression for constant extents only.
//     x.geometry()                channels, height, width, halo, row, plane, pixel; at(c, i, j)
//     x.order                     a constant of both; Order::planes if extents are not constant
//     x.flat                      whether row-major order is memory order; a constant for constant extents
//     x(c, i, j), x[i], x.data()  elements. A vector has x[i].
//     kernels::first_extent(x)    the channels of an image, the elements of a vector
//     kernels::flattened(x)       in place of x.template as<Shape<...>>(): the same elements as a vector
//
// What needs constants, such as `typename decltype(x)::shape`, stands behind
// `if constexpr (kernels::ConstantExtents<decltype(x)>)`.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The positions of an image's elements: plane after plane, each surrounded by `halo` cells. C,L is an
/// image of one row; a tensor of one or four extents is one plane of one row.
template <>
struct Layout<AnyShape, pad{}, Order::planes> {
    static constexpr Order order = Order::planes;

    int channels = 1;
    int height = 1;
    int width = 1;
    pad halo{};
    /// Distance between neighbouring pixels, rows and planes.
    static constexpr int pixel = 1;
    std::ptrdiff_t row = 1;
    std::ptrdiff_t plane = 1;
    /// The tensor's shape.
    dims extents{1};

    constexpr Layout() noexcept = default;
    constexpr explicit Layout(const dims& d, const pad& halo_ = pad{}) noexcept
        : channels{d.rank == 3 || d.rank == 2 ? d.extent[0] : 1}, height{d.rank == 3 ? d.extent[1] : 1},
          width{d.rank == 3 || d.rank == 2 ? d.extent[d.rank - 1] : static_cast<int>(d.size())}, halo{halo_},
          row{static_cast<std::ptrdiff_t>(width + 0LL + halo.left + halo.right)},
          plane{static_cast<std::ptrdiff_t>(row * (height + 0LL + halo.top + halo.bottom))}, extents{d} {}

    [[nodiscard]] constexpr int size() const noexcept { return channels * height * width; }
    /// Number of elements to allocate, in a type that can hold even a number too large for the other members.
    [[nodiscard]] constexpr long long elements() const noexcept {
        return stored_extent(extents, halo, order);
    }
    /// Number of elements to allocate, and the position of the image's first element among them.
    [[nodiscard]] constexpr std::size_t extent() const noexcept {
        return static_cast<std::size_t>(plane) * static_cast<std::size_t>(channels);
    }
    [[nodiscard]] constexpr std::ptrdiff_t origin() const noexcept { return halo.top * row + halo.left; }

    /// Distance of an element from the first one.
    [[nodiscard, gnu::always_inline]] constexpr std::ptrdiff_t at(std::ptrdiff_t c, std::ptrdiff_t i,
                                                                  std::ptrdiff_t j) const noexcept {
        return c * plane + i * row + j;
    }
};

template <class E>
class View<E, AnyShape, pad{}, Order::planes> {
  public:
    using element = std::remove_const_t<E>;
    using layout = Layout<AnyShape>;
    static constexpr Order order = Order::planes;

    int size = 0;
    /// Whether row-major order is memory order.
    bool flat = true;

    constexpr View() noexcept = default;
    /// `memory` has room for the layout's extent.
    constexpr View(E* memory, const layout& geometry) noexcept
        : size{geometry.size()}, flat{geometry.halo == pad{}}, origin_{memory + geometry.origin()} {
        geometry_ = geometry; // initialised by it, it would ask whether it converts to dims
    }
    [[nodiscard]] constexpr operator View<const E, AnyShape>() const noexcept requires(!std::is_const_v<E>) {
        return View<const E, AnyShape>{origin_ - geometry_.origin(), geometry_};
    }

    [[nodiscard, gnu::always_inline]] constexpr E* data() const noexcept { return origin_; }
    [[nodiscard, gnu::always_inline]] constexpr const layout& geometry() const noexcept { return geometry_; }
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return origin_ != nullptr; }

    [[nodiscard, gnu::always_inline]] constexpr E* at(std::ptrdiff_t c, std::ptrdiff_t i,
                                                      std::ptrdiff_t j) const noexcept {
        return origin_ + geometry_.at(c, i, j);
    }
    [[nodiscard, gnu::always_inline]] constexpr E& operator()(std::ptrdiff_t c, std::ptrdiff_t i,
                                                              std::ptrdiff_t j) const noexcept {
        return *at(c, i, j);
    }
    /// The i-th element in row-major order. Throws `std::out_of_range` for others, unless compiled with
    /// NDEBUG.
    [[nodiscard, gnu::always_inline]] constexpr E& operator[](std::ptrdiff_t i) const
        noexcept(!checks_indices) {
        require_index(i, 0, size);
        if (flat)
            return origin_[i];
        const std::ptrdiff_t H = geometry_.height, W = geometry_.width;
        return *at(i / (H * W), i / W % H, i % W);
    }
    [[nodiscard]] constexpr E* begin() const noexcept { return origin_; }
    [[nodiscard]] constexpr E* end() const noexcept { return origin_ + size; }

  private:
    layout geometry_{};
    E* origin_ = nullptr;
};

/// f(run of a, run of b, count) for each longest run of elements that lie side by side in both views, of one
/// shape.
template <class A, class B, class F>
constexpr void for_runs(View<A, AnyShape> a, View<B, AnyShape> b, F f) {
    if (a.flat && b.flat) {
        f(a.data(), b.data(), a.size);
        return;
    }
    const Layout<AnyShape>& of_a = a.geometry();
    for (int c = 0; c < of_a.channels; ++c)
        for (int i = 0; i < of_a.height; ++i)
            f(a.at(c, i, 0), b.at(c, i, 0), of_a.width);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
