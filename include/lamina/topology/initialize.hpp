// Initial parameters: He's or Glorot's rule, depending on the activation that follows a layer.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/math/random.hpp>
#include <lamina/topology/fuse.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::topology {

/// The negative slope of the rectifier that follows layer `I`, or -1 if none does. Pools and layers that only
/// reshape are skipped.
template <class Inferred, int I>
[[nodiscard]] consteval double rectifier_after() {
    if constexpr (I + 1 >= Inferred::count) {
        return -1;
    } else {
        using L = typename Inferred::template at<I + 1>::layer;
        if constexpr (requires { L::negative_slope; })
            return L::negative_slope;
        else if constexpr (IsPool<L> || OnlyReshapes<L>)
            return rectifier_after<Inferred, I + 1>();
        else
            return -1;
    }
}

/// Half the width of the uniform distribution a weight is drawn from: sqrt(6 / ((1 + a^2) fan_in)) before a
/// rectifier of negative slope a (He et al., arXiv:1502.01852), else, for a below 0, sqrt(6 / (fan_in +
/// fan_out)) (Glorot & Bengio, AISTATS 2010).
[[nodiscard]] inline double weight_bound(double a, double in, double out) noexcept {
    return __builtin_sqrt(6.0 / (a >= 0 ? (1.0 + a * a) * in : in + out));
}
template <class Inferred, int I>
[[nodiscard]] double weight_bound() noexcept {
    using P = typename Inferred::template at<I>;
    using L = typename P::layer;
    constexpr double in = L::template fan_in<typename P::input>, out = L::template fan_out<typename P::input>;
    return weight_bound(rectifier_after<Inferred, I>(), in, out);
}

/// Fills the flat array: draws weights layer after layer, in their order in memory, and sets biases and
/// padding to zero. The weights of a layer with an `initial_weight` get that number instead. The same seed
/// gives the same bits everywhere: the random factor is exact, and square root and product are each rounded
/// once, by IEEE 754.
template <class Inferred, class T>
void initialize(T* parameters, int extent, seed start) noexcept {
    for (int i = 0; i < extent; ++i)
        parameters[i] = T(0);
    Random random{start};
    for_each_index<Inferred::count>([&](auto index) {
        using P = typename Inferred::template at<index>;
        using L = typename P::layer;
        if constexpr (requires { L::initial_weight; }) {
            for (int i = 0; i < P::weight_size; ++i)
                parameters[P::weight_offset + i] = T(L::initial_weight);
        } else if constexpr (P::has_weight) {
            const double bound = weight_bound<Inferred, index>();
            for (int i = 0; i < P::weight_size; ++i)
                parameters[P::weight_offset + i] = static_cast<T>(random.symmetric() * bound);
        }
    });
}

} // namespace lamina::inline LAMINA_ABI::topology

LAMINA_END_IEEE
