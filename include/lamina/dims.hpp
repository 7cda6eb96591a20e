// The extents of a tensor as a value.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/index_check.hpp>

#include <concepts>
#include <cstddef>

namespace lamina::inline LAMINA_ABI {

/// The extents of a tensor as a value, outermost first: `dims{16, 13, 13}` is 16 channels of 13 rows of
/// 13 columns. At most four extents.
struct dims {
    static constexpr int max_rank = 4;

    int extent[max_rank] = {};
    int rank = 0;
    /// A sequence: of vectors C, L; of L images L C, H, W, and behind these, not counted by the rank, L.
    bool is_sequence = false;
    bool is_block = false; ///< of a stream: a StreamBlock, which other steps came before

    constexpr dims() noexcept = default;

    template <std::integral... Int>
        requires(sizeof...(Int) >= 1 && sizeof...(Int) <= max_rank)
    constexpr dims(Int... e) noexcept : extent{to_extent(e)...}, rank{int{sizeof...(Int)}} {}

    /// Number of elements: the product of the extents.
    [[nodiscard]] constexpr std::size_t size() const noexcept {
        std::size_t n = 1;
        for (int i = 0; i < rank; ++i)
            n *= static_cast<std::size_t>(extent[i]);
        return n;
    }

    [[nodiscard, gnu::always_inline]] constexpr int operator[](int axis) const noexcept(!checks_indices) {
        require_index(axis, 0, rank);
        return extent[axis];
    }

    friend constexpr bool operator==(const dims&, const dims&) noexcept = default;

    /// So many steps of so many channels: the extents of `Sequence<steps, Shape<channels>>`.
    template <std::integral Steps, std::integral Channels>
    [[nodiscard]] static constexpr dims sequence(Steps steps, Channels channels) noexcept {
        dims d{channels, steps};
        d.is_sequence = true;
        return d;
    }
    /// The same of steps of that shape: vectors, or images, one behind the other. (Of others -1, which every
    /// check refuses.)
    template <std::integral Steps>
    [[nodiscard]] static constexpr dims sequence(Steps steps, const dims& step) noexcept {
        if (step.rank != 3)
            return sequence(steps, step.rank == 1 ? step.extent[0] : -1);
        dims d{steps * (0LL + step.extent[0]), step.extent[1], step.extent[2]};
        d.extent[3] = to_extent(steps);
        d.is_sequence = true;
        return d;
    }

  private:
    /// A value that does not fit an int becomes -1, which every check refuses.
    template <class Int>
    [[nodiscard]] static constexpr int to_extent(Int e) noexcept {
        const int extent = static_cast<int>(e);
        return static_cast<Int>(extent) == e && (extent < 0) == (e < Int(0)) ? extent : -1;
    }
};

/// Whether a tensor is an image, C,H,W or C,L: it may have a halo, and its channels may come last.
[[nodiscard]] constexpr bool is_image(const dims& d) noexcept {
    return d.rank == 3 || d.rank == 2;
}

/// The number of images of a sequence of them, otherwise 0.
[[nodiscard]] constexpr int image_count(const dims& d) noexcept {
    return d.is_sequence && d.rank == 3 ? d.extent[3] : 0;
}
/// The number of steps of a sequence, and the shape of one.
[[nodiscard]] constexpr int steps_in(const dims& d) noexcept {
    return image_count(d) > 0 ? image_count(d) : d.extent[1];
}
[[nodiscard]] constexpr dims step_in(const dims& d) noexcept {
    const int images = image_count(d);
    return images > 0 ? dims{d.extent[0] / images, d.extent[1], d.extent[2]} : dims{d.extent[0]};
}
/// The first extent; of a sequence of images that of each: their channels.
[[nodiscard]] constexpr int channels_in(const dims& d) noexcept {
    return image_count(d) > 0 ? step_in(d).extent[0] : d.extent[0];
}
/// Whether steps lie side by side, as what looks along time needs them: vectors.
[[nodiscard]] constexpr bool ends_in_time(const dims& d) noexcept {
    return d.is_sequence && d.rank == 2;
}

/// The numbers of an answer of this shape, and how many answers there are: one at each step of a sequence,
/// otherwise one of all numbers.
[[nodiscard]] constexpr int answer_size(const dims& d) noexcept {
    return static_cast<int>(d.is_sequence ? step_in(d).size() : d.size());
}
[[nodiscard]] constexpr int answer_count(const dims& d) noexcept {
    return d.is_sequence ? steps_in(d) : 1;
}
/// Where number i of answer k lies among all, in row-major order.
[[nodiscard]] constexpr int answer_index(const dims& d, int k, int i) noexcept {
    return ends_in_time(d) ? i * d.extent[1] + k : k * answer_size(d) + i;
}

} // namespace lamina::inline LAMINA_ABI
