// What a training step does with the flat array of parameters besides the optimiser's update. Shared by
// Trainer and dynamic::Trainer.
#pragma once

#include <lamina/error.hpp>
#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI {

/// Sets the padding to zero, where an optimiser may have divided zero by zero.
template <class T>
constexpr void clear_padding(T* parameters, ParameterPlaces places) noexcept {
    const auto clear = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i)
            parameters[i] = T(0);
    };
    for (const ParameterPlace& p : places) {
        clear(p.weight + p.weight_size, p.bias);
        clear(p.bias + p.bias_size, p.end);
    }
}

/// Whether training could not tell the units of a layer apart: at least two layers have random initial
/// weights, all their weights are zero, and the biases within each of these layers but the last are equal.
template <class T>
[[nodiscard]] constexpr bool all_units_alike(const T* parameters, ParameterPlaces places) noexcept {
    const ParameterPlace* previous = nullptr;
    bool several = false;
    for (const ParameterPlace& p : places) {
        if (!p.drawn)
            continue;
        for (std::size_t i = 0; i < p.weight_size; ++i)
            if (!is_equal(parameters[p.weight + i], T(0)))
                return false;
        for (std::size_t i = 1; previous != nullptr && i < previous->bias_size; ++i)
            if (!is_equal(parameters[previous->bias + i], parameters[previous->bias]))
                return false;
        several = previous != nullptr;
        previous = &p;
    }
    return several;
}
/// Throws `training_error` if the units are all alike, as those of a model made without a seed.
template <class T>
void require_unlike_units(const T* parameters, ParameterPlaces places) {
    if (all_units_alike(parameters, places))
        raise<training_error>(
            "all weights are zero, so the units of a layer would stay alike and nothing but "
            "the last biases be learnt. Start from random weights, Model "
            "model{ln::seed{42}}, or load some");
}

/// Adds the gradient of the penalty to the gradients of all weights; returns the penalty, `l2` times the sum
/// of their squares. Squares are summed in blocks of 64 per lane, and the blocks in double, so that small
/// ones are not lost.
template <class T>
[[nodiscard]] T add_penalty(const T* parameters, T* gradients, ParameterPlaces places, T l2) noexcept {
    if (is_equal(l2, T(0)))
        return T(0);
    constexpr std::size_t lanes = native_lanes<T>, block = 64 * lanes;
    const T slope = l2 + l2;
    double squares = 0;
    for (const ParameterPlace& p : places) {
        const T* w = parameters + p.weight;
        T* g = gradients + p.weight;
        for (std::size_t first = 0; first < p.weight_size; first += block) {
            const std::size_t end = p.weight_size - first < block ? p.weight_size : first + block;
            pack<T> sums = T(0);
            T rest = T(0);
            std::size_t i = first;
            for (; i + lanes <= end; i += lanes) {
                const pack<T> weights = pack<T>::load(w + i);
                pack<T> gradient = pack<T>::load(g + i);
                add_product(sums, weights, weights);
                add_product(gradient, weights, slope);
                gradient.store(g + i);
            }
            for (; i < end; ++i) {
                rest += w[i] * w[i];
                g[i] += slope * w[i];
            }
            squares += static_cast<double>(lane_sum(sums) + rest);
        }
    }
    return static_cast<T>(static_cast<double>(l2) * squares);
}

} // namespace lamina::inline LAMINA_ABI

LAMINA_END_IEEE
