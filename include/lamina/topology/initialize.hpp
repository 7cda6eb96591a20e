// Initial parameters: He's or Glorot's rule, depending on the activation that follows a layer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/random.hpp>
#include <lamina/parameters.hpp>

#include <cstddef>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// Half the width of the uniform distribution a weight is drawn from: sqrt(6 / ((1 + a^2) fan_in)) before a
/// rectifier of negative slope a (He et al., arXiv:1502.01852), else, for a below 0, sqrt(6 / (fan_in +
/// fan_out)) (Glorot & Bengio, AISTATS 2010).
[[nodiscard]] inline double weight_bound(double a, double in, double out) noexcept {
    return __builtin_sqrt(6.0 / (a >= 0 ? (1.0 + a * a) * in : in + out));
}

/// Fills the flat array: tensors in their order, each with random numbers or with a constant, and padding
/// with zeros. The same seed gives the same bits everywhere: the random factor is exact, and square root and
/// product are each rounded once, by IEEE 754.
template <class T>
void initialize(T* numbers, std::size_t extent, ModelTensors tensors, seed start) noexcept {
    for (std::size_t i = 0; i < extent; ++i)
        numbers[i] = T(0);
    Random random{start};
    for (const ModelTensor& t : tensors) {
        if (t.initial.is_drawn) {
            const double bound = weight_bound(t.initial.rectifier, t.initial.fan_in, t.initial.fan_out);
            for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
                numbers[i] = static_cast<T>(random.symmetric() * bound);
        } else {
            for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
                numbers[i] = static_cast<T>(t.initial.value);
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
