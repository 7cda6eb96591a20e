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

/// As many indices as the shape has extents; of a sequence of images four: step, channel, row, column.
/// Floating-point indices are refused, because they would be truncated silently.
template <class S, class... Index>
concept IndicesOf = (sizeof...(Index) == S::rank || (sizeof...(Index) == 4 && image_count(S::extents) > 0)) &&
                    !(std::is_floating_point_v<Index> || ...);

/// Number of elements of a tensor with a halo, and with room for the rest of a vector that starts at the last
/// pixel.
[[nodiscard]] constexpr long long stored_extent(const dims& d, const pad& halo, Order order) noexcept {
    const int last = d.rank - 1, before = d.rank - 2;
    long long extent = d.extent[last] + 0LL + halo.left + halo.right;
    if (d.rank > 1)
        extent *= d.extent[before] + (d.rank > 2 ? 0LL + halo.top + halo.bottom : 0LL);
    for (int axis = 0; axis < before; ++axis)
        extent *= d.extent[axis];
    return extent + (order == Order::channels_last ? 16 : 0);
}
/// Position of the element whose indices are all zero.
[[nodiscard]] constexpr long long stored_origin(const dims& d, const pad& halo, Order order) noexcept {
    const long long row = d.extent[d.rank - 1] + 0LL + halo.left + halo.right;
    return (halo.top * row + halo.left) * (order == Order::channels_last ? d.extent[0] : 1);
}

/// The positions of a `Shape`'s elements in memory. An image is surrounded by `Halo` cells, so that a
/// convolution reads zeros there instead of testing for the border. C,L is laid out as an image of one row.
template <class S, pad Halo = pad{}, Order O = Order::planes>
struct Layout {
    static constexpr bool is_image = S::rank == 2 || S::rank == 3;
    static_assert(Halo == pad{} || is_image, "only images have a halo");
    static_assert(S::rank == 3 || (Halo.top == 0 && Halo.bottom == 0), "only images have a halo above");
    static_assert(O == Order::planes || is_image, "only images have channels");

    static constexpr pad halo = Halo;
    static constexpr Order order = O;

    /// Extents of an image. A tensor of one or four extents is one plane of one row.
    static constexpr int channels = is_image ? S::extents[0] : 1;
    static constexpr int height = S::rank == 3 ? S::extents[1] : 1;
    static constexpr int width = is_image ? S::extents[S::rank - 1] : S::size;

    /// Distance between neighbours along the last axis, the one before it, and the one before that.
    static constexpr int pixel = O == Order::planes ? 1 : S::extents[0];
    static constexpr int row =
        static_cast<int>((S::extents[S::rank - 1] + 0LL + Halo.left + Halo.right) * pixel);
    static constexpr int plane = static_cast<int>(
        O != Order::planes
            ? 1
            : row * (S::rank < 3 ? 1
                                 : S::extents[S::rank < 3 ? 0 : S::rank - 2] + 0LL + Halo.top + Halo.bottom));
    /// Number of elements to allocate, including the halo and the rest of a vector that starts at the last
    /// pixel. A pass refuses more than an int can count; the other numbers are then meaningless.
    static constexpr long long extent = stored_extent(S::extents, Halo, O);
    static constexpr int origin = static_cast<int>(stored_origin(S::extents, Halo, O));

    /// Distance of an element from the origin.
    template <class... Index>
        requires IndicesOf<S, Index...>
    [[nodiscard, gnu::always_inline]] static constexpr std::ptrdiff_t at(Index... index) noexcept {
        const std::ptrdiff_t i[] = {static_cast<std::ptrdiff_t>(index)...};
        if constexpr (sizeof...(Index) > S::rank)
            return at(i[0] * step_in(S::extents)[0] + i[1], i[2], i[3]);
        else if constexpr (S::rank == 1)
            return i[0];
        else if constexpr (S::rank == 2)
            return i[0] * plane + i[1] * pixel;
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
constexpr void require_inside(const long long (&index)[Rank], const dims& extents, const pad& halo) {
    for (std::size_t axis = 0; axis < Rank; ++axis) {
        const bool is_column = axis > 0 && axis + 1 == Rank, is_row = axis > 0 && axis + 2 == Rank;
        const int before = is_column ? halo.left
                           : is_row  ? halo.top
                                     : 0,
                  beyond = is_column ? halo.right
                           : is_row  ? halo.bottom
                                     : 0;
        if (index[axis] < -before || index[axis] >= extents.extent[axis] + beyond)
            index_error(-before, extents.extent[axis] + beyond - 1, index[axis]);
    }
}

/// The same of a sequence of images: step, channel, row, column.
constexpr void require_inside_image(const long long (&index)[4], const dims& extents, const pad& halo) {
    const int images = image_count(extents), channels = channels_in(extents);
    if (index[0] < 0 || index[0] >= images)
        index_error(0, images - 1, index[0]);
    if (index[1] < 0 || index[1] >= channels)
        index_error(0, channels - 1, index[1]);
    require_inside({index[0] * channels + index[1], index[2], index[3]}, extents, halo);
}

/// A view of elements of type `E` that are stored elsewhere. Copying it copies one pointer.
template <class E, class S, pad Halo = pad{}, Order O = Order::planes>
class View {
  public:
    using element = std::remove_const_t<E>;
    using shape = S;
    using layout = Layout<S, Halo, O>;
    static constexpr int size = S::size;
    static constexpr pad halo = Halo;
    static constexpr Order order = O;
    /// Whether row-major order is memory order.
    static constexpr bool flat = Halo == pad{} && O == Order::planes;

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
        if (checks_indices || std::is_constant_evaluated()) {
            if constexpr (sizeof...(Index) > S::rank)
                require_inside_image({static_cast<long long>(index)...}, S::extents, Halo);
            else
                require_inside({static_cast<long long>(index)...}, S::extents, Halo);
        }
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
            constexpr std::ptrdiff_t H = layout::height, W = layout::width;
            return origin_[i / (H * W) * layout::plane + i / W % H * layout::row + i % W * layout::pixel];
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

/// Element i of step t of a sequence, in the row-major order of the step.
template <class V>
[[nodiscard, gnu::always_inline]] constexpr auto& at_step(V& v, int t, int i) noexcept(!checks_indices) {
    using S = typename std::remove_const_t<V>::shape;
    if constexpr (EndsInTime<S>)
        return v(i, t);
    else
        return v[std::ptrdiff_t{t} * step_of<S>::size + i];
}

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
        if (checks_indices || std::is_constant_evaluated()) {
            if constexpr (sizeof...(Index) > S::rank)
                require_inside_image({static_cast<long long>(index)...}, S::extents, 0);
            else
                require_inside({static_cast<long long>(index)...}, S::extents, 0);
        }
        return elements[Layout<S>::at(index...)];
    }
    template <class... Index>
        requires IndicesOf<S, Index...>
    [[nodiscard, gnu::always_inline]] constexpr const T& operator()(Index... index) const
        noexcept(!checks_indices) {
        if (checks_indices || std::is_constant_evaluated()) {
            if constexpr (sizeof...(Index) > S::rank)
                require_inside_image({static_cast<long long>(index)...}, S::extents, 0);
            else
                require_inside({static_cast<long long>(index)...}, S::extents, 0);
        }
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
