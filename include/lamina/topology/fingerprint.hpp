// The fingerprint of a topology: a number that identifies it, the same on every machine.
#pragma once

#include <lamina/text.hpp>
#include <lamina/topology/summary.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lamina::inline LAMINA_ABI::topology {

/// Calls put(text) with the parts of "1x28x28 Conv<16,3,1> LeakyReLU<> MaxPool<2,2> Dense<10>": the input's
/// shape, then the names of the first `count` layers, each with its `sources`. (A span of them would cost 170
/// instantiations.)
template <class Put>
constexpr void spell(const dims& input, std::span<const LayerInfo> layers, std::size_t count, Put put) {
    put(to_text(input));
    for (std::size_t i = 0; i < count; ++i) {
        put(" ");
        put(layers[i].name);
        put(layers[i].sources);
    }
}

/// Whether a layer of this name, at the end of a classifier, only turns its scores into probabilities. A
/// network that was trained without it has the same weights with it, because the losses contain it.
[[nodiscard]] constexpr bool makes_probabilities(std::string_view layer) noexcept {
    return layer == "Softmax" || layer == "Sigmoid";
}

/// Fowler, Noll & Vo's hash FNV-1a of 64 bits, of a text given in parts.
class Fnv {
  public:
    constexpr void operator()(std::string_view part) noexcept {
        for (const char c : part)
            value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }

  private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

[[nodiscard]] constexpr std::uint64_t fingerprint(const dims& input, std::span<const LayerInfo> layers,
                                                  std::size_t count) noexcept {
    Fnv hash;
    spell(input, layers, count, [&](std::string_view part) { hash(part); });
    return hash.value();
}

} // namespace lamina::inline LAMINA_ABI::topology
