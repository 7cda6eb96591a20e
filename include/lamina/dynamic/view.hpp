// Views of packs whose extents are known at run time.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>
#include <lamina/shape.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::dynamic {

/// The positions of an image's elements: plane after plane, each surrounded by `halo` cells. A tensor that is
/// not an image is one plane of one row.
struct Layout {
    int channels = 1;
    int height = 1;
    int width = 1;
    int halo = 0;
    /// Distance between neighbouring pixels, rows and planes.
    static constexpr int pixel = 1;
    std::ptrdiff_t row = 1;
    std::ptrdiff_t plane = 1;

    constexpr Layout() noexcept = default;
    constexpr explicit Layout(const dims& d, int halo_ = 0) noexcept
        : Layout{d.rank == 3 ? d[0] : 1, d.rank == 3 ? d[1] : 1,
                 d.rank == 3 ? d[2] : static_cast<int>(d.size()), halo_} {}
    constexpr Layout(int channels_, int height_, int width_, int halo_) noexcept
        : channels{channels_}, height{height_}, width{width_}, halo{halo_},
          row{static_cast<std::ptrdiff_t>(width_ + 2LL * halo_)}, plane{static_cast<std::ptrdiff_t>(
                                                                      row * (height_ + 2LL * halo_))} {}

    [[nodiscard]] constexpr int size() const noexcept { return channels * height * width; }
    /// Number of elements to allocate, in a type that can hold even a number too large for the other members.
    [[nodiscard]] constexpr long long elements() const noexcept {
        return (width + 2LL * halo) * (height + 2LL * halo) * channels;
    }
    /// Number of elements to allocate, and the position of the image's first element among them.
    [[nodiscard]] constexpr std::size_t extent() const noexcept {
        return static_cast<std::size_t>(plane) * static_cast<std::size_t>(channels);
    }
    [[nodiscard]] constexpr std::ptrdiff_t origin() const noexcept { return halo * row + halo; }
};

/// The twin of `lamina::View`, with the members that losses and data sources use.
template <class E>
class View {
  public:
    using element = std::remove_const_t<E>;

    Layout layout;
    int size = 0;

    View() noexcept = default;
    /// `memory` has room for the layout's extent.
    View(E* memory, Layout layout_) noexcept
        : layout{layout_}, size{layout_.size()}, origin_{memory + layout_.origin()} {}
    [[nodiscard]] operator View<const E>() const noexcept requires(!std::is_const_v<E>) {
        return View<const E>{origin_ - layout.origin(), layout};
    }

    /// Whether row-major order is memory order.
    [[nodiscard]] bool flat() const noexcept { return layout.halo == 0; }
    [[nodiscard]] E* data() const noexcept { return origin_; }
    [[nodiscard]] const Layout& geometry() const noexcept { return layout; }
    [[nodiscard]] explicit operator bool() const noexcept { return origin_ != nullptr; }

    [[nodiscard]] E* at(int c, int y, int x) const noexcept {
        return origin_ + c * layout.plane + y * layout.row + x;
    }
    [[nodiscard]] E& operator()(int c, int y, int x) const noexcept { return *at(c, y, x); }
    /// The i-th element in row-major order. Throws `std::out_of_range` for others, unless compiled with
    /// NDEBUG.
    [[nodiscard]] E& operator[](int i) const noexcept(!checks_indices) {
        require_index(i, 0, size);
        if (flat())
            return origin_[i];
        return *at(i / (layout.height * layout.width), i / layout.width % layout.height, i % layout.width);
    }

  private:
    E* origin_ = nullptr;
};

/// f(run, first) for each longest run of elements that lie side by side in both views, of one shape.
template <class A, class B, class F>
void for_runs(View<A> a, View<B> b, F f) {
    if (a.flat() && b.flat()) {
        f(a.data(), b.data(), a.size);
        return;
    }
    for (int c = 0; c < a.layout.channels; ++c)
        for (int i = 0; i < a.layout.height; ++i)
            f(a.at(c, i, 0), b.at(c, i, 0), a.layout.width);
}

template <class E>
void fill_zero(View<E> v) noexcept {
    for_runs(v, v, [](E* run, E*, int n) {
        for (int i = 0; i < n; ++i)
            run[i] = E(0);
    });
}

template <class E>
void fill_halo_with_zeros(View<E> v) noexcept {
    const int P = v.layout.halo, H = v.layout.height, W = v.layout.width;
    if (P == 0)
        return;
    for (int c = 0; c < v.layout.channels; ++c) {
        for (int i = -P; i < H + P; ++i) {
            const bool inside = i >= 0 && i < H;
            for (int j = -P; j < (inside ? 0 : W + P); ++j)
                v(c, i, j) = E(0);
            for (int j = inside ? W : W + P; j < W + P; ++j)
                v(c, i, j) = E(0);
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_IEEE
