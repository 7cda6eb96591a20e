// Operations of a training step on the flat array of parameters, besides the optimiser's update.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Calls add(tensor) for each tensor that is trained, first to last.
constexpr void list_trained(ModelTensors tensors, auto add) {
    int index = 0;
    for (const ModelTensor& t : tensors) {
        if (t.lifetime == Lifetime::trained)
            add(ParameterTensor{index, t.layer, static_cast<int>(t.offset), static_cast<int>(t.size),
                                static_cast<int>(t.end), t.is_weight});
        ++index;
    }
}

template <class Model>
inline constexpr int tensor_count = [] {
    int count = 0;
    list_trained(ModelTensors{Model::tensors}, [&](const ParameterTensor&) { ++count; });
    return count;
}();
/// An array that can be copied. (std::array would add 2 KB to the debug information of a program.)
template <int Count>
struct TensorList {
    ParameterTensor all[static_cast<std::size_t>(Count)]{};
};
/// A model's trained tensors, none frozen.
template <class Model>
inline constexpr TensorList<tensor_count<Model>> parameter_tensors = [] {
    TensorList<tensor_count<Model>> tensors;
    list_trained(ModelTensors{Model::tensors}, [&](const ParameterTensor& t) { tensors.all[t.index] = t; });
    return tensors;
}();

/// Sets the padding of trained tensors to zero, where an optimiser may have divided zero by zero.
template <class T, class Tensors>
constexpr void clear_padding(T* parameters, const Tensors& trained) noexcept {
    for (const ParameterTensor& t : trained)
        for (int i = t.from + t.size; i < t.to; ++i)
            parameters[i] = T(0);
}

/// Whether all units of each layer would stay equal in training: at least two tensors begin with random
/// numbers, all of them are zero, and the numbers of each tensor beside them, in all layers but the last, are
/// equal.
template <class T>
[[nodiscard]] constexpr bool all_units_alike(const T* parameters, ModelTensors tensors) noexcept {
    const ModelTensor* previous = nullptr;
    bool several = false;
    for (const ModelTensor& t : tensors) {
        if (!t.initial.is_drawn)
            continue;
        for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
            if (!is_equal(parameters[i], T(0)))
                return false;
        for (const ModelTensor& beside : tensors)
            if (previous != nullptr && previous->layer != t.layer && beside.layer == previous->layer &&
                beside.lifetime == Lifetime::trained && !beside.initial.is_drawn)
                for (std::size_t i = 1; i < beside.size; ++i)
                    if (!is_equal(parameters[beside.offset + i], parameters[beside.offset]))
                        return false;
        several = previous != nullptr;
        previous = &t;
    }
    return several;
}
/// Throws `training_error` if all units of each layer are equal, as in a model made without a seed.
template <class T>
void require_unlike_units(const T* parameters, ModelTensors tensors) {
    if (all_units_alike(parameters, tensors))
        raise<training_error>("all weights are zero, so all units of a layer would stay equal and only "
                              "the last biases would be learnt. Start from random weights, Model "
                              "model{ln::seed{42}}, or load some");
}

/// The sum of the squares of numbers times `scale`. Blocks of 64 numbers per lane are summed in T, and the
/// blocks in double, so that small numbers are not lost.
template <class T>
[[nodiscard]] double sum_of_squares(const T* numbers, int count, T scale) noexcept {
    constexpr int lanes = native_lanes<T>, block = 64 * lanes;
    double squares = 0;
    for (int first = 0; first < count; first += block) {
        const int end = count - first < block ? count : first + block;
        pack<T> sums = T(0);
        T rest = T(0);
        int i = first;
        for (; i + lanes <= end; i += lanes) {
            const pack<T> scaled = pack<T>::load(numbers + i) * pack<T>(scale);
            add_product(sums, scaled, scaled);
        }
        for (; i < end; ++i)
            rest += numbers[i] * scale * (numbers[i] * scale);
        squares += static_cast<double>(lane_sum(sums) + rest);
    }
    return squares;
}

/// y = y + factor x.
template <class T>
void add_scaled(T* y, const T* x, T factor, int count) noexcept {
    constexpr int lanes = native_lanes<T>;
    int i = 0;
    for (; i + lanes <= count; i += lanes) {
        pack<T> sum = pack<T>::load(y + i);
        add_product(sum, pack<T>::load(x + i), factor);
        sum.store(y + i);
    }
    for (; i < count; ++i)
        y[i] += factor * x[i];
}

/// Adds the gradient of the penalty to the gradients of all weights that move; returns the penalty, `l2`
/// times the sum of their squares.
template <class T>
[[nodiscard]] T add_penalty(const T* parameters, T* gradients, MovingTensors moving, T l2) noexcept {
    if (is_equal(l2, T(0)))
        return T(0);
    double squares = 0;
    for (const ParameterTensor& t : moving)
        if (t.is_weight) {
            squares += sum_of_squares(parameters + t.from, t.size, T(1));
            add_scaled(gradients + t.from, parameters + t.from, l2 + l2, t.size);
        }
    return static_cast<T>(static_cast<double>(l2) * squares);
}

/// The largest magnitude of numbers that are finite.
template <class T>
[[nodiscard]] T largest_magnitude(const T* numbers, int count) noexcept {
    constexpr int lanes = native_lanes<T>;
    pack<T> of_lanes = T(0);
    T largest = T(0);
    int i = 0;
    for (; i + lanes <= count; i += lanes) {
        const pack<T> x = pack<T>::load(numbers + i);
        of_lanes = (max)(of_lanes, (max)(x, -x));
    }
    for (; i < count; ++i)
        largest = (max)(largest, (max)(numbers[i], negated(numbers[i])));
    for (int lane = 0; lane < lanes; ++lane)
        largest = (max)(largest, of_lanes[lane]);
    return largest;
}

/// Scales gradients, which are finite, by largest / (norm + 1e-6) where that is below 1; returns the norm,
/// the root of the sum of squares over all tensors that move. (PyTorch's clip_grad_norm_.) The norm is
/// computed of the gradients divided by the largest of them, and then multiplied by it, so that no square
/// overflows and none that matters vanishes.
template <class T>
double clip_norm(T* gradients, MovingTensors moving, double largest) noexcept {
    constexpr T smallest = (std::numeric_limits<T>::min)();
    T unit = smallest;
    for (const ParameterTensor& t : moving)
        unit = (max)(unit, largest_magnitude(gradients + t.from, t.size));
    const T scale = (max)(T(1) / unit, smallest);
    const double units = static_cast<double>(scale);
    double squares = 0;
    for (const ParameterTensor& t : moving)
        squares += sum_of_squares(gradients + t.from, t.size, scale);
    const double root = sqrt(squares), divisor = root + 1e-6 * units;
    if (largest * units < divisor)
        for (const ParameterTensor& t : moving)
            kernels::for_each_element<T>(
                t.from, t.from + t.size,
                [scale, rest = static_cast<T>(largest / divisor)](auto& g) {
                    g = g * std::remove_cvref_t<decltype(g)>(scale) * std::remove_cvref_t<decltype(g)>(rest);
                },
                gradients);
    return root / units;
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
