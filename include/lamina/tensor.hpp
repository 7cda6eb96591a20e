// Tensor, which owns its elements, and View, which refers to elements stored elsewhere.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/shape.hpp>

#include <cstddef>
#include <type_traits>

namespace lamina::inline LAMINA_ABI {

LAMINA_BEGIN_IEEE
/// a == b, an exact comparison about which -Wfloat-equal does not warn.
template <class T>
[[nodiscard]] constexpr bool is_equal(T a, T b) noexcept {
    return a <= b && a >= b;
}
LAMINA_END_IEEE
/// Converts an integer to std::size_t; -Wuseless-cast does not warn if it already is one.
template <class Int>
[[nodiscard]] constexpr std::size_t as_size(Int i) noexcept {
    return static_cast<std::size_t>(i);
}

/// The order of an image's elements in memory. `planes`: one channel after another, as in a Tensor and in
/// batches, which have samples in lanes. `channels_last`: one pixel after another, its channels side by side,
/// as for a single sample, which has channels in lanes.
enum class Order { planes, channels_last };

/// As many indices as the shape has extents. Floating-point indices are refused, because they would be
/// truncated silently.
template <class S, class... Index>
concept IndicesOf = sizeof...(Index) == S::rank && !(std::is_floating_point_v<Index> || ...);

/// The positions of a `Shape`'s elements in memory. An image is surrounded by `Halo` cells on each side, so
/// that a convolution reads zeros there instead of testing for the border.
template <class S, int Halo = 0, Order O = Order::planes>
struct Layout {
    static_assert(Halo == 0 || S::rank == 3, "only images have a halo");
    static_assert(O == Order::planes || S::rank == 3, "only images have channels");

    static constexpr int halo = Halo;
    static constexpr Order order = O;

    /// Extents of an image. A tensor of another rank is one plane of one row.
    static constexpr int channels = S::rank == 3 ? S::extents[0] : 1;
    static constexpr int height = S::rank == 3 ? S::extents[1] : 1;
    static constexpr int width = S::rank == 3 ? S::extents[2] : S::size;

    /// Distance between neighbours along the last axis, the one before it, and the one before that.
    static constexpr int pixel = O == Order::planes ? 1 : S::extents[0];
    static constexpr int row = static_cast<int>((S::extents[S::rank - 1] + 2LL * Halo) * pixel);
    static constexpr int plane = static_cast<int>(
        O == Order::planes ? row * (S::rank < 2 ? 1 : S::extents[S::rank < 2 ? 0 : S::rank - 2] + 2LL * Halo)
                           : 1);
    /// Number of elements to allocate, including the halo and the rest of a vector that starts at the last
    /// pixel. A pass refuses more than an int can count; the other numbers are then meaningless.
    static constexpr long long extent = [] {
        constexpr int last = S::rank - 1, before = S::rank < 2 ? 0 : S::rank - 2;
        if constexpr (O == Order::channels_last)
            return (S::extents[2] + 2LL * Halo) * pixel * (S::extents[1] + 2LL * Halo) + 16;
        else if constexpr (S::rank < 2)
            return static_cast<long long>(S::size);
        else
            return S::size / (S::extents[last] * S::extents[before]) * (S::extents[last] + 2LL * Halo) *
                   (S::extents[before] + 2LL * Halo);
    }();
    /// Position of the element whose indices are all zero.
    static constexpr int origin = static_cast<int>(static_cast<long long>(Halo) * row + Halo * pixel);

    /// Distance of an element from the origin.
    template <class... Index>
        requires(sizeof...(Index) == S::rank)
    [[nodiscard, gnu::always_inline]] static constexpr std::ptrdiff_t at(Index... index) noexcept {
        const std::ptrdiff_t i[] = {static_cast<std::ptrdiff_t>(index)...};
        if constexpr (S::rank == 1)
            return i[0];
        else if constexpr (S::rank == 2)
            return i[0] * row + i[1];
        else if constexpr (S::rank == 3)
            return i[0] * plane + i[1] * row + i[2] * pixel;
        else
            return (i[0] * S::extents[1] + i[1]) * plane + i[2] * row + i[3];
    }
};

/// Throws `std::out_of_range` if indices are checked and one is neither in the tensor nor in its halo. (This
/// is not a member of Layout, because every layer has its own Layout. It is not marked always_inline, because
/// compilers would then write debug information for each access. It is the same function with and without
/// NDEBUG and therefore never noexcept: the linker may keep either file's copy.)
template <std::size_t Rank>
constexpr void require_inside(const long long (&index)[Rank], const dims& extents, int halo) {
    for (std::size_t axis = 0; axis < Rank; ++axis) {
        const int beyond = axis > 0 ? halo : 0;
        if (index[axis] < -beyond || index[axis] >= extents.extent[axis] + beyond)
            index_error(-beyond, extents.extent[axis] + beyond - 1, index[axis]);
    }
}

/// A view of elements of type `E` that are stored elsewhere. Copying it copies one pointer.
template <class E, class S, int Halo = 0, Order O = Order::planes>
class View {
  public:
    using element = std::remove_const_t<E>;
    using shape = S;
    using layout = Layout<S, Halo, O>;
    static constexpr int size = S::size;
    static constexpr int halo = Halo;
    static constexpr Order order = O;
    /// Whether row-major order is memory order.
    static constexpr bool flat = Halo == 0 && O == Order::planes;

    constexpr View() noexcept = default;
    /// `origin` points to the element whose indices are all zero, not to the halo before it.
    constexpr explicit View(E* origin) noexcept : origin_{origin} {}

    [[nodiscard]] constexpr operator View<const E, S, Halo, O>() const noexcept
        requires(!std::is_const_v<E>) {
        return View<const E, S, Halo, O>{origin_};
    }

    /// `v(c, y, x)`. Within the halo -1 and the extent itself are valid indices. Throws `std::out_of_range`
    /// for others, unless compiled with NDEBUG.
    template <class... Index>
        requires IndicesOf<S, Index...>
    [[nodiscard, gnu::always_inline]] constexpr E& operator()(Index... index) const
        noexcept(!checks_indices) {
        if (checks_indices || std::is_constant_evaluated())
            require_inside({static_cast<long long>(index)...}, S::extents, Halo);
        return origin_[layout::at(index...)];
    }

    /// The i-th element in row-major order.
    [[nodiscard, gnu::always_inline]] constexpr E& operator[](std::ptrdiff_t i) const
        noexcept(!checks_indices) {
        if ((checks_indices || std::is_constant_evaluated()) && (i < 0 || i >= size))
            index_error(0, size - 1, i);
        if constexpr (flat) {
            return origin_[i];
        } else {
            constexpr std::ptrdiff_t H = S::extents[1], W = S::extents[2];
            return origin_[layout::at(i / (H * W), i / W % H, i % W)];
        }
    }

    [[nodiscard, gnu::always_inline]] constexpr E* data() const noexcept { return origin_; }
    /// Extents and distances, as constants. A `View<E, AnyShape>` has them as numbers.
    [[nodiscard, gnu::always_inline]] static constexpr layout geometry() noexcept { return {}; }
    [[nodiscard]] constexpr E* begin() const noexcept requires(flat) { return origin_; }
    [[nodiscard]] constexpr E* end() const noexcept requires(flat) { return origin_ + size; }

    /// The same elements under another shape of the same size.
    template <class Other>
        requires(flat&& Other::size == S::size)
    [[nodiscard]] constexpr View<E, Other> as() const noexcept { return View<E, Other>{origin_}; }

  private:
    E* origin_ = nullptr;
};

/// A tensor that owns its elements: an aligned array in row-major order, on the stack if it is a local
/// variable. `Tensor<float, Shape<1, 28, 28>> t{}` is all zeros. `t(c, y, x)` is an element by its indices,
/// `t[i]` by its position in the array. Both throw `std::out_of_range` for an index that is out of range,
/// unless compiled with NDEBUG.
template <class T, class S>
struct alignas(64) Tensor {
    using value_type = T;
    using shape = S;
    static constexpr int size = S::size;

    T elements[static_cast<std::size_t>(S::size)];

    template <class... Index>
        requires IndicesOf<S, Index...>
    [[nodiscard, gnu::always_inline]] constexpr T& operator()(Index... index) noexcept(!checks_indices) {
        if (checks_indices || std::is_constant_evaluated())
            require_inside({static_cast<long long>(index)...}, S::extents, 0);
        return elements[Layout<S>::at(index...)];
    }
    template <class... Index>
        requires IndicesOf<S, Index...>
    [[nodiscard, gnu::always_inline]] constexpr const T& operator()(Index... index) const
        noexcept(!checks_indices) {
        if (checks_indices || std::is_constant_evaluated())
            require_inside({static_cast<long long>(index)...}, S::extents, 0);
        return elements[Layout<S>::at(index...)];
    }

    [[nodiscard, gnu::always_inline]] constexpr T& operator[](std::ptrdiff_t i) noexcept(!checks_indices) {
        if ((checks_indices || std::is_constant_evaluated()) && (i < 0 || i >= size))
            index_error(0, size - 1, i);
        return elements[i];
    }
    [[nodiscard, gnu::always_inline]] constexpr const T& operator[](std::ptrdiff_t i) const
        noexcept(!checks_indices) {
        if ((checks_indices || std::is_constant_evaluated()) && (i < 0 || i >= size))
            index_error(0, size - 1, i);
        return elements[i];
    }

    [[nodiscard]] constexpr T* data() noexcept { return elements; }
    [[nodiscard]] constexpr const T* data() const noexcept { return elements; }
    [[nodiscard]] constexpr T* begin() noexcept { return elements; }
    [[nodiscard]] constexpr const T* begin() const noexcept { return elements; }
    [[nodiscard]] constexpr T* end() noexcept { return elements + size; }
    [[nodiscard]] constexpr const T* end() const noexcept { return elements + size; }

    [[nodiscard]] constexpr View<T, S> view() noexcept { return View<T, S>{elements}; }
    [[nodiscard]] constexpr View<const T, S> view() const noexcept { return View<const T, S>{elements}; }

    friend constexpr bool operator==(const Tensor& a,
                                     const Tensor& b) noexcept requires std::is_arithmetic_v<T> {
        for (int i = 0; i < size; ++i)
            if (!is_equal(a[i], b[i]))
                return false;
        return true;
    }
};

} // namespace lamina::inline LAMINA_ABI
