// A layer's parameters: views into the model's flat array.
#pragma once

#include <lamina/abi.hpp>

#include <cstddef>

namespace lamina::inline LAMINA_ABI {

/// The positions of a layer's weight and bias in the flat array, in elements. Padding fills the gaps from the
/// weight to `bias` and from the bias to `end`. `drawn`: the initial weights are random.
struct ParameterPlace {
    std::size_t weight, weight_size, bias, bias_size, end;
    bool drawn;
};

/// The places of all layers, first to last, in a std::array or a std::vector that outlives this. (Every
/// program that trains would pay for a std::span of them with some 170 instantiations.)
class ParameterPlaces {
  public:
    constexpr explicit ParameterPlaces(const auto& places) noexcept
        : first_{places.data()}, count_{places.size()} {}

    [[nodiscard]] constexpr const ParameterPlace* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const ParameterPlace* end() const noexcept { return first_ + count_; }

  private:
    const ParameterPlace* first_;
    std::size_t count_;
};

/// A layer's weight and bias, or their gradients: `p.weight(c, u, v, o)`, `p.bias[o]`.
template <class Weight, class Bias>
struct Parameters {
    Weight weight;
    Bias bias;
};

/// For a layer with a weight and no bias.
template <class Weight>
struct WeightOnly {
    Weight weight;
};

/// For a layer without parameters.
struct NoParameters {};

} // namespace lamina::inline LAMINA_ABI
