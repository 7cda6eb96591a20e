// Tensors of a model: what they are for, where they lie in the flat array, and a layer's views of them.
#pragma once

#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <cstddef>
#include <string_view>

namespace lamina::inline LAMINA_ABI {

/// What a layer's tensor is for, and so where it lies and who changes it. `trained`: in the flat array, moved
/// by the optimiser. `kept`: in the flat array behind the trained ones, in files too, changed by forward in
/// training (running statistics).
enum class Lifetime { trained, kept };

/// How a tensor's numbers begin: drawn at random, or all the same.
namespace initial {
/// By He's or Glorot's rule (see `topology::initialize`).
struct drawn {
    int fan_in, fan_out;
};
struct constant {
    double value;
};
} // namespace initial

struct Initial {
    bool is_drawn = false;
    double value = 0;
    int fan_in = 0, fan_out = 0;
    double rectifier = -1; ///< the negative slope of the rectifier behind the layer; -1 if none follows

    constexpr Initial() noexcept = default;
    constexpr Initial(initial::drawn d) noexcept : is_drawn{true}, fan_in{d.fan_in}, fan_out{d.fan_out} {}
    constexpr Initial(initial::constant c) noexcept : value{c.value} {}
};

/// A tensor in a list of a layer, and such a list.
struct ListedTensor {
    std::string_view name;
    dims shape;
    Initial start;
};
struct ListedTensors {
    const ListedTensor* all = nullptr;
    int count = 0;

    /// Number of elements, in a type that can hold even too large a number. Each tensor begins at a multiple
    /// of `step` elements.
    [[nodiscard]] constexpr long long extent(long long step = 1) const noexcept {
        long long sum = 0;
        for (int t = 0; t < count; ++t)
            sum += (static_cast<long long>(all[t].shape.size()) + step - 1) / step * step;
        return sum;
    }
};

/// A tensor of a model, an element of `Model::tensors`: its name and shape in files, and its position in the
/// model's flat array.
struct ModelTensor {
    Text name;  ///< "3.0.weight"
    dims shape; ///< in files, which have the outputs first
    std::size_t offset = 0;
    std::size_t size = 0;
    std::size_t end = 0; ///< of the padding behind it
    /// In memory it is a matrix of [size / columns][columns]; in the file it is transposed.
    std::size_t columns = 1;
    int layer = 0; ///< its index in `Model::layers`
    Lifetime lifetime = Lifetime::trained;
    Initial initial = {};
    bool is_weight = false; ///< whether penalties count it: its name begins with "weight"

    /// The position in the flat array of the file's i-th element.
    [[nodiscard]] constexpr std::size_t place(std::size_t i) const noexcept {
        const std::size_t rows = size / columns;
        return offset + i % rows * columns + i / rows;
    }
};

/// All tensors of a model, in a std::array or a std::vector that outlives this. (Every program that trains
/// would pay for a std::span of them with some 170 instantiations.)
class ModelTensors {
  public:
    constexpr explicit ModelTensors(const auto& tensors) noexcept
        : first_{tensors.data()}, count_{tensors.size()} {}

    [[nodiscard]] constexpr const ModelTensor* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const ModelTensor* end() const noexcept { return first_ + count_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }
    [[nodiscard]] constexpr const ModelTensor& operator[](std::size_t i) const noexcept { return first_[i]; }

  private:
    const ModelTensor* first_;
    std::size_t count_;
};

/// A trained tensor, as optimisers see it: `size` elements of the flat array from `from` on, and padding up
/// to `to`.
struct ParameterTensor {
    int index; ///< in `Model::tensors`
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

} // namespace lamina::inline LAMINA_ABI
