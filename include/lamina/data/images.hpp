// Images: labelled images in memory, a byte a pixel.
#pragma once

#include <lamina/data/image.hpp>
#include <lamina/data/labels.hpp>
#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::data {

/// Transposes each of the matrices of `rows` times `columns` bytes, which follow one another.
inline void transpose_each(std::vector<std::uint8_t>& bytes, std::size_t rows, std::size_t columns) {
    std::vector<std::uint8_t> matrix(rows * columns);
    for (std::size_t first = 0; first < bytes.size(); first += matrix.size()) {
        for (std::size_t i = 0; i < matrix.size(); ++i)
            matrix[i % columns * rows + i / columns] = bytes[first + i];
        std::memcpy(bytes.data() + first, matrix.data(), matrix.size());
    }
}

/// Labelled images of one size, as in MNIST and similar data sets. A model gets pixels as numbers from 0 to
/// 1.
class Images {
  public:
    /// `source` names where they came from, for messages. `pixels` are N images of `shape` C,H,W, one after
    /// another, each in this order (see `Image`), which becomes that of planes; `labels` are N. Throws
    /// `data_error` if the counts do not agree.
    Images(std::string source, dims shape, std::vector<std::uint8_t> pixels, std::vector<std::uint8_t> labels,
           Order order = Order::planes)
        : source_{std::move(source)}, shape_{shape}, pixels_{std::move(pixels)}, labels_{std::move(labels)} {
        for (int i = 0; i < shape_.rank; ++i)
            if (shape_[i] < 1)
                raise(data_error{source_ + ": expected images with extents of at least 1, found " +
                                 to_string(shape_)});
        if (pixels_.size() != labels_.size() * shape_.size())
            raise(data_error{source_ + ": expected " + std::to_string(labels_.size()) + " images of " +
                             to_string(shape_) + " for as many labels, found " +
                             std::to_string(pixels_.size()) + " bytes of pixels"});
        if (order == Order::planes)
            return;
        if (shape_.rank != 3)
            raise(data_error{source_ + ": expected images of channels, height and width, found " +
                             to_string(shape_)});
        const std::size_t channels = as_size(shape_[0]);
        transpose_each(pixels_, shape_.size() / channels, channels);
    }

    [[nodiscard]] std::size_t size() const noexcept { return labels_.size(); }
    [[nodiscard]] dims shape() const noexcept { return shape_; }
    [[nodiscard]] const std::string& source() const noexcept { return source_; }

    /// Image i and its label. Both throw `std::out_of_range` unless i is below `size()`; compiled with NDEBUG
    /// they do not check.
    [[nodiscard, gnu::always_inline]] Image image(std::size_t i) const noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(size()));
        return {pixels(i), shape_};
    }
    [[nodiscard, gnu::always_inline]] int label(std::size_t i) const noexcept(!checks_indices) {
        require_index(static_cast<long long>(i), 0, static_cast<long long>(size()));
        return labels_[i];
    }

    /// Throws `data_error` unless the images have the shape of the input.
    template <class In, class Out>
    void validate() const {
        require_shape(In::extents);
    }
    template <class In, class Out>
    void validate(std::span<const std::uint32_t>) const {
        require_shape(In::extents);
    }
    /// The same for a `dynamic::Network`, with the shapes of its input and output.
    void require_shapes(const dims& input, const dims& /*output*/) const { require_shape(input); }
    void require_shape(const dims& input) const {
        if (!(input == shape_))
            raise(data_error{source_ + ": the model expects images of " + to_string(input) + ", found " +
                             to_string(shape_)});
    }

    /// Writes image `indices[r]` into lane r of x. `validate` has been called before.
    template <class T, class In, pad Halo>
    void inputs(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                View<pack<T>, In, Halo> x) const noexcept {
        const std::uint8_t* rows[static_cast<std::size_t>(native_lanes<T>)];
        for (int r = 0; r < native_lanes<T>; ++r)
            rows[r] = pixels(indices[r]);
        kernels::load_lanes(rows, x, [](auto v) { return pack<T>{v} * pack<T>(T(1) / T(255)); });
    }
    /// Writes the labels as targets: see `write_labels`.
    template <class T, class Out>
    void targets(const std::uint32_t (&indices)[static_cast<std::size_t>(native_lanes<T>)],
                 View<pack<T>, Out> t) const noexcept {
        write_labels<T>(t, [&](int r) { return label(indices[r]); });
    }

  private:
    [[nodiscard]] const std::uint8_t* pixels(std::size_t i) const noexcept {
        return pixels_.data() + i * shape_.size();
    }

    std::string source_;
    dims shape_;
    std::vector<std::uint8_t> pixels_;
    std::vector<std::uint8_t> labels_;
};

} // namespace lamina::inline LAMINA_ABI::data

LAMINA_END_IEEE
