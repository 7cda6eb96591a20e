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

/// A weight or bias in the flat array: `size` elements from `from` on, and padding up to `to`.
struct ParameterTensor {
    int index; ///< among all weights and biases of the network
    int layer;
    int from, size, to;
    bool is_weight;
    bool is_frozen = false;
};

/// What an optimiser moves: the weights and biases that are not frozen, in the order of the flat array.
///
///     for (const ln::ParameterTensor& t : moving)
///         for (int i = t.from; i < t.to; ++i)
///             parameters[i] -= rate * gradients[i];
class MovingTensors {
  public:
    constexpr MovingTensors(const ParameterTensor* first, std::size_t count) noexcept
        : first_{first}, last_{first + count} {}

    struct Iterator {
        const ParameterTensor *at, *last;

        constexpr const ParameterTensor& operator*() const noexcept { return *at; }
        constexpr Iterator& operator++() noexcept {
            ++at;
            return skip_frozen();
        }
        constexpr Iterator& skip_frozen() noexcept {
            while (at != last && at->is_frozen)
                ++at;
            return *this;
        }
        [[nodiscard]] constexpr bool operator==(const Iterator& other) const noexcept {
            return at == other.at;
        }
    };
    [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator{first_, last_}.skip_frozen(); }
    [[nodiscard]] constexpr Iterator end() const noexcept { return {last_, last_}; }

  private:
    const ParameterTensor *first_, *last_;
};
/// A flat array of `Extent` elements as one tensor.
template <int Extent>
inline constexpr ParameterTensor whole_array{0, 0, 0, Extent, Extent, true};

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
