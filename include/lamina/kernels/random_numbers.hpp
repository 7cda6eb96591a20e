// Random numbers inside a pass: each is a function of the seed, the step, the layer, the sample and the
// element, and of nothing else. They are the same for any number of threads, any width of vectors and a
// resumed run, and backward draws the numbers of forward once more instead of remembering them.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/random.hpp>
#include <lamina/pack.hpp>

#include <cstdint>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The seed, the step and the layer, mixed once for all samples.
class LayerKey {
  public:
    constexpr LayerKey(seed s, std::uint64_t step, std::uint64_t layer) noexcept
        : key_{Random{s, step, layer}.next()} {}

    /// The key of a sample: its position in the batch is added to a random number, and the sum mixed.
    [[nodiscard, gnu::always_inline]] constexpr std::uint64_t of_sample(std::uint64_t sample) const noexcept {
        return Random{seed{key_ + sample}}.next();
    }

  private:
    std::uint64_t key_;
};

/// The bits below which a random number drops its element, so that this happens in `percent` of 100 cases, 0
/// to 100. (At 100 one number of 2^32 is still kept.)
[[nodiscard]] constexpr std::uint32_t drop_threshold(int percent) noexcept {
    const std::uint64_t threshold = (std::uint64_t{1} << 32U) * static_cast<std::uint64_t>(percent) / 100U;
    return static_cast<std::uint32_t>(threshold - (threshold >> 32U));
}

/// The random numbers of a sample in a layer; for a pack, of the samples of all lanes.
///
/// An element's number is mixed with two keys of its sample, in two rounds of a multiplication and a xor of
/// shifted bits. (The shifts and factors are those of Wellons, "Prospecting for Hash Functions", 2018, which
/// make each bit of the input change each bit of the output in about half of all cases. The second key makes
/// that the numbers of two samples are never each other's in another order, as they might with one key of 32
/// bits.)
template <Element E>
class RandomNumbers {
  public:
    /// 32 bits for each lane.
    using words = detail::lanes_or_number<std::uint32_t, lanes_of<E>>;

    /// `samples`: for each lane the position of its sample in the batch.
    constexpr RandomNumbers(LayerKey key, const std::uint32_t* samples) noexcept : first_{}, second_{} {
        for (int r = 0; r < lanes_of<E>; ++r) {
            const std::uint64_t k = key.of_sample(samples[r]);
            if constexpr (lanes_of<E> == 1) {
                first_ = static_cast<std::uint32_t>(k);
                second_ = static_cast<std::uint32_t>(k >> 32U);
            } else {
                first_[r] = static_cast<std::uint32_t>(k);
                second_[r] = static_cast<std::uint32_t>(k >> 32U);
            }
        }
    }

    /// 32 random bits of element i.
    [[nodiscard, gnu::always_inline]] constexpr words bits(std::uint32_t i) const noexcept {
        words x = first_ ^ (i * 0x9E3779B9U);
        x = (x ^ (x >> 16U)) * 0x21F0AAADU + second_;
        x = (x ^ (x >> 15U)) * 0xD35A2D97U;
        return x ^ (x >> 15U);
    }

    /// x in the lanes where the random number of element i is not below `threshold`, 0 in the others.
    [[nodiscard, gnu::always_inline]] constexpr E keep(E x, std::uint32_t i,
                                                       std::uint32_t threshold) const noexcept {
        using T = scalar_of<E>;
        if constexpr (std::is_floating_point_v<E>) {
            return select(bits(i) >= threshold, x, T(0));
        } else if constexpr (lanes_of<E> == 1) {
            return select(bits(i) >= threshold, x.v, T(0));
        } else {
            // A comparison of signed integers, which every target has: both sides are lower by 2^31.
            using integers = typename detail::vector_of<std::int32_t, lanes_of<E>>::type;
            constexpr std::uint32_t sign = 0x80000000U;
            const auto kept = reinterpret_cast<integers>(bits(i) ^ sign) >=
                              integers{} + static_cast<std::int32_t>(threshold ^ sign);
            if constexpr (sizeof(T) == 4)
                return select(pack_mask<T>{kept}, x, E(T(0)));
            else
                return select(pack_mask<T>{__builtin_convertvector(kept, decltype(pack_mask<T>::v))}, x,
                              E(T(0)));
        }
    }

  private:
    words first_, second_;
};

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
