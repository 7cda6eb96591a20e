// Inputs, parameters and upstream gradients of the reference cases. They are not stored: the generator and
// the tests both compute them, exactly, from the name of the sequence and an index.
#pragma once

#include <cstdint>
#include <string_view>

namespace oracle {

class MadeNumbers {
  public:
    /// Two sequences of the same name are equal; of different names, unrelated (FNV-1a hash of the name).
    constexpr explicit MadeNumbers(std::string_view name) noexcept {
        for (char c : name)
            seed_ = (seed_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }

    /// Element i, in [-1, 1): 24 bits, so that float holds it exactly.
    [[nodiscard]] constexpr double operator[](std::uint64_t i) const noexcept {
        const auto top = static_cast<std::int64_t>(bits(i) >> 40);
        return static_cast<double>(top - (1 << 23)) / (1 << 23);
    }

    /// Element i as a byte: a pixel, or, modulo the number of classes, a label.
    [[nodiscard]] constexpr std::uint8_t byte(std::uint64_t i) const noexcept {
        return static_cast<std::uint8_t>(bits(i) >> 56);
    }

  private:
    // SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t i) const noexcept {
        std::uint64_t z = seed_ + (i + 1) * 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    std::uint64_t seed_ = 0xcbf29ce484222325u;
};

/// What to multiply a weight's sequence with: the power of two s with s * s * fan_in in (1/2, 2], near
/// 1/sqrt(fan_in). It keeps activations of about the size of their inputs, and products exact in float.
[[nodiscard]] constexpr double weight_scale(int fan_in) noexcept {
    double scale = 1;
    while (scale * scale * fan_in > 2)
        scale /= 2;
    return scale;
}

} // namespace oracle
