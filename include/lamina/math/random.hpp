// Random numbers that are the same with every compiler, library and processor.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/ieee.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <cstdint>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// The start of a sequence of random numbers: `Model model{ln::seed{42}}`. The same seed gives the same
/// numbers everywhere.
struct seed {
    std::uint64_t value;
};

/// A generator of random numbers, SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
class Random {
  public:
    constexpr explicit Random(seed s) noexcept : state_{s.value} {}
    /// The numbers that belong to these counters, whatever was drawn for others: of an epoch and a sample,
    /// `Random{ln::seed{1}, epoch, sample}`.
    template <class... Counters>
        requires(sizeof...(Counters) > 0)
    constexpr explicit Random(seed s, Counters... counters) noexcept : state_{s.value} {
        ((state_ = next() ^ static_cast<std::uint64_t>(counters)), ...);
        state_ = next();
    }

    [[nodiscard]] constexpr std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    /// A number in [-1, 1), a multiple of 2^-23: exact in float and double alike.
    [[nodiscard]] constexpr double symmetric() noexcept {
        return (static_cast<double>(next() >> 40U) - 8388608.0) / 8388608.0;
    }

    /// A number below `bound`, which is at least 1. (The bias of this reduction is below bound / 2^64.)
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound) noexcept {
        return product_high(next(), bound);
    }

  private:
    /// The upper half of a * b, from products of halves: standard C++ has no integer of 128 bits, and 32-bit
    /// targets have none at all.
    static constexpr std::uint64_t product_high(std::uint64_t a, std::uint64_t b) noexcept {
        constexpr std::uint64_t low = 0xFFFFFFFFU;
        const std::uint64_t a1 = a >> 32U, a0 = a & low, b1 = b >> 32U, b0 = b & low;
        const std::uint64_t middle = a1 * b0 + (a0 * b0 >> 32U);
        return a1 * b1 + (middle >> 32U) + ((a0 * b1 + (middle & low)) >> 32U);
    }

    std::uint64_t state_;
};

/// Fills `order` with 0 to n - 1 in random order. (Fisher and Yates.)
template <class Indices>
constexpr void fill_shuffled(Indices& order, Random random) {
    const std::size_t size = order.size();
    for (std::size_t i = 0; i < size; ++i)
        order[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = size; i > 1; --i) {
        const std::size_t j = as_size(random.below(i));
        const std::uint32_t other = order[j];
        order[j] = order[i - 1];
        order[i - 1] = other;
    }
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
