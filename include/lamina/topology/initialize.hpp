// Initial parameters: He's or Glorot's rule, depending on the activation that follows a layer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/math/random.hpp>
#include <lamina/topology/table.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// The negative slope of the rectifier that follows element `e`, or -1 if none does. Pools, joins and layers
/// that only reshape or only scale are skipped.
template <class Table>
[[nodiscard]] constexpr double rectifier_after(const Table& table, int e) noexcept {
    for (int next = e + 1; next < table.count; ++next)
        for (int k = 0; k < table.elements[next].inputs; ++k)
            if (table.input(next, k) == e + 1) {
                const Facts& f = table.elements[next].facts;
                if (f.negative_slope >= 0)
                    return f.negative_slope;
                return f.is_pool || f.only_reshapes || f.only_trains || f.is_join || f.only_scales
                           ? rectifier_after(table, next)
                           : -1;
            }
    return -1;
}

/// Half the width of the uniform distribution a weight is drawn from: sqrt(6 / ((1 + a^2) fan_in)) before a
/// rectifier of negative slope a (He et al., arXiv:1502.01852), else, for a below 0, sqrt(6 / (fan_in +
/// fan_out)) (Glorot & Bengio, AISTATS 2010).
[[nodiscard]] inline double weight_bound(double a, double in, double out) noexcept {
    return __builtin_sqrt(6.0 / (a >= 0 ? (1.0 + a * a) * in : in + out));
}

/// Fills the flat array: tensors in their order, each with random numbers or with a constant, and padding
/// with zeros. `slope_after(layer)` is the negative slope of the rectifier after it. The same seed gives the
/// same bits everywhere: the random factor is exact, and square root and product are each rounded once, by
/// IEEE 754.
template <class T>
void initialize(T* numbers, std::size_t extent, ModelTensors tensors, seed start, auto slope_after) noexcept {
    for (std::size_t i = 0; i < extent; ++i)
        numbers[i] = T(0);
    Random random{start};
    for (const ModelTensor& t : tensors) {
        const double bound =
            t.initial.is_drawn ? weight_bound(slope_after(t.layer), t.initial.fan_in, t.initial.fan_out) : 0;
        for (std::size_t i = t.offset; i < t.offset + t.size; ++i)
            numbers[i] = t.initial.is_drawn ? static_cast<T>(random.symmetric() * bound)
                                            : static_cast<T>(t.initial.value);
    }
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
