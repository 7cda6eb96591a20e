// Image: one image in memory, as cameras and other libraries keep it.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/problem/forward.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// A pointer to `E`, or a span, vector or array of them.
template <class X, class E>
concept PixelsOf =
    std::is_convertible_v<const X&, const E*> || std::is_convertible_v<const X&, std::span<const E>>;

/// A view of one image in the caller's memory, which must outlive it. It converts to a model's input, so that
/// `forward` takes it:
///
///     bytes b become b / 255, from 0 to 1, as torchvision's `ToTensor` makes them; floats stay as they are
///
/// Channels keep their order: OpenCV's blue, green, red are channels 0, 1, 2. Nothing is allocated.
///
/// Arguments: `pixels`, a pointer, span, vector or array of std::uint8_t or float. `shape`, channels, height
/// and width. `order`, `Order::planes` (the default: a whole channel after the other, C,H,W) or
/// `Order::channels_last` (the channels of a pixel side by side, H,W,C, as OpenCV and stb_image have them).
/// `row_stride`, the bytes from one row to the next (OpenCV's `Mat::step`, SDL's `pitch`, Qt's
/// `bytesPerLine`), any type of integers; 0, the default, if no gaps lie between rows. The last row may end
/// with its last pixel.
///
/// Errors: pixels of other numbers do not compile. `data_error` for a null pointer, an extent below 1, a row
/// stride that is negative or shorter than a row, and a span of more or fewer bytes than the image has (a
/// pointer's size is not known). The conversion throws one if the input has another shape.
///
/// PyTorch: `torch.from_blob`, permuted, `.float() / 255`; the order's name is that of `torch.channels_last`.
///
/// Example:
///
///     const ln::Model<ln::Net<ln::Conv<4, 3>, ln::ReLU, ln::Dense<2>>, ln::Shape<3, 24, 32>> model;
///     const std::vector<std::uint8_t> camera(24 * 32 * 3); // H,W,C
///     auto scores = model.forward(ln::data::Image{camera, {3, 24, 32}, ln::Order::channels_last});
class Image {
  public:
    template <class Pixels, class Stride = int>
        requires(std::is_convertible_v<const Stride&, std::size_t> && !std::is_floating_point_v<Stride>)
    constexpr Image(const Pixels& pixels, dims shape, Order order = Order::planes, Stride row_stride = 0)
        : shape_{shape}, order_{order} {
        if constexpr (std::is_signed_v<Stride>)
            if (row_stride < 0)
                raise<data_error>("image: expected a row stride of 0 or more bytes, found ",
                                  static_cast<long long>(row_stride),
                                  ": turn an image over whose last row lies first");
        if constexpr (PixelsOf<Pixels, std::uint8_t>)
            bytes_ = checked<std::uint8_t>(pixels, static_cast<std::size_t>(row_stride));
        else if constexpr (PixelsOf<Pixels, float>)
            numbers_ = checked<float>(pixels, static_cast<std::size_t>(row_stride));
        else
            static_assert(sizeof(typename problem::pixels<Pixels>::are_neither_bytes_nor_floats) > 0);
    }

    [[nodiscard]] constexpr dims shape() const noexcept { return shape_; }
    /// The first byte; null for an image of floats.
    [[nodiscard]] constexpr const std::uint8_t* pixels() const noexcept { return bytes_; }

    /// Throws `data_error` if the shapes differ.
    template <class T, class S>
    constexpr operator Tensor<T, S>() const {
        if (!(S::extents == shape_))
            raise<data_error>("image: expected a shape of ", to_text(S::extents).characters, ", found ",
                              to_text(shape_).characters);
        Tensor<T, S> t;
        if (bytes_ != nullptr)
            copy(bytes_, t, [](std::uint8_t b) { return static_cast<T>(b) * (T(1) / T(255)); });
        else
            copy(numbers_, t, [](float number) { return static_cast<T>(number); });
        return t;
    }

  private:
    static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

    /// The first pixel.
    template <class E, class Pixels>
    [[nodiscard]] constexpr const E* checked(const Pixels& pixels, std::size_t row_stride) {
        const E* first = nullptr;
        std::size_t bytes = unknown;
        if constexpr (std::is_convertible_v<const Pixels&, std::span<const E>>) {
            const std::span<const E> all{pixels};
            first = all.data();
            bytes = all.size_bytes();
        } else {
            first = pixels;
        }
        row_stride_ = checked_row_stride<E>(row_stride, bytes) / sizeof(E);
        if (first == nullptr)
            raise<data_error>("image: expected pixels, found a null pointer");
        return first;
    }
    /// Checks shape, stride and number of bytes; returns the number of bytes from one row to the next.
    template <class E>
    [[nodiscard]] constexpr std::size_t checked_row_stride(std::size_t stride, std::size_t bytes) const {
        constexpr int most_numbers = (std::numeric_limits<int>::max)();
        const Text shape = to_text(shape_);
        long long size = shape_.rank > 0 ? 1 : 0;
        for (int axis = 0; axis < shape_.rank && size > 0 && size <= most_numbers; ++axis)
            size = shape_.extent[axis] > 0 ? size * shape_.extent[axis] : 0;
        if (size < 1 || size > most_numbers)
            raise<data_error>("image: expected extents from 1 on, and at most ", most_numbers,
                              " numbers, found a shape of ", shape.characters);
        if (order_ == Order::channels_last && shape_.rank != 3)
            raise<data_error>("image: expected channels, height and width, found a shape of ",
                              shape.characters);
        const std::size_t last = as_size(shape_.extent[shape_.rank - 1]);
        const unsigned long long in_row =
            (order_ == Order::planes ? 1ULL : static_cast<unsigned long long>(shape_.extent[0])) * last;
        const unsigned long long rows = static_cast<unsigned long long>(size) / in_row,
                                 row = in_row * sizeof(E), most = PTRDIFF_MAX / rows;
        const unsigned long long found = stride == 0 ? row : stride;
        if (found < row || found > most)
            raise<data_error>("image: expected a row stride of at least ", row, " bytes for a shape of ",
                              shape.characters, ", found ", found);
        if (found % sizeof(E) != 0)
            raise<data_error>("image: expected a row stride of whole numbers, a multiple of ", sizeof(E),
                              " bytes, found ", found);
        const unsigned long long all = rows * found;
        if (bytes != unknown && bytes < all - (found - row)) // the padding of the last row may be missing
            raise<data_error>("image: expected ", all, " bytes for a shape of ", shape.characters,
                              " and rows of ", found, ", found ", bytes);
        if (bytes != unknown && bytes > all)
            raise<data_error>("image: expected ", all, " bytes for a shape of ", shape.characters,
                              " and rows of ", found, ", found ", bytes,
                              ": for a crop, pass the pointer to its first pixel");
        return static_cast<std::size_t>(found);
    }

    template <class E, class T, class S, class Convert>
    constexpr void copy(const E* row, Tensor<T, S>& t, Convert convert) const {
        constexpr int W = S::extents[S::rank - 1], rows = S::size / W;
        if (order_ == Order::planes) {
            for (int i = 0; i < rows; ++i, row += i < rows ? row_stride_ : 0)
                for (int j = 0; j < W; ++j)
                    t.elements[i * W + j] = convert(row[j]);
        } else if constexpr (S::rank == 3) {
            constexpr int C = channels<S>, H = height<S>;
            for (int i = 0; i < H; ++i, row += i < H ? row_stride_ : 0)
                for (int j = 0; j < W; ++j)
                    for (int c = 0; c < C; ++c)
                        t.elements[(c * H + i) * W + j] = convert(row[j * C + c]);
        }
    }

    const std::uint8_t* bytes_ = nullptr; // either these
    const float* numbers_ = nullptr;      // or these
    dims shape_;
    std::size_t row_stride_ = 0; // in elements
    Order order_;
};

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
