// A dense layer of one sample from weights that are packed: outputs in lanes, so that there is no sum over
// lanes.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::one {

/// Whether it takes less time: the outputs fill two vectors or more, of eight lanes or more, and the weights
/// stay in the first cache, where the sums over lanes take longer than reading.
[[nodiscard]] constexpr bool packed_weights_pay(long long inputs, int outputs) noexcept {
    constexpr int lanes = native_lanes<float>;
    return lanes >= 8 && inputs >= lanes && outputs >= 2 * lanes && outputs % lanes == 0 &&
           inputs * outputs * static_cast<int>(sizeof(float)) <= 32 * 1024;
}

/// The most vectors of outputs in a part, and the number of sums of each, so that eight products are on the
/// way.
inline constexpr int vectors_of_part = vector_registers >= 32 ? 4 : 2;

/// Packs w of O,I: of each part of the outputs, of each input, the weights of all its outputs.
template <int O, int I, class T>
inline void pack_weights(const T* w, T* to) noexcept {
    constexpr int L = native_lanes<T>;
    for_equal_parts<O / L, vectors_of_part>([&](auto first, auto vectors) {
        for (int i = 0; i < I; ++i)
            for (int o = 0; o < vectors * L; ++o)
                *to++ = w[std::ptrdiff_t{first * L + o} * I + i];
    });
}

/// y(o) = f(b(o) + sum over i of w(o, i) x(i), o) from packed weights. The epilogue `f(sums, o)` takes a pack
/// of the outputs from o on.
template <class X, class T, class B, class Y, class Epilogue>
inline void dense_of_packed(X x, const T* w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using P = pack<T>;
    constexpr int L = P::lanes, I = X::size;
    for_equal_parts<Y::size / L, vectors_of_part>([&](auto first,
                                                      auto vectors) __attribute__((always_inline)) {
        constexpr int V = vectors, chains = 8 / V < I ? 8 / V : I;
        P sum[std::size_t{V}][std::size_t{chains}];
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v)
#pragma GCC unroll 8
            for (int k = 0; k < chains; ++k)
                if constexpr (std::is_same_v<B, NoBias>)
                    sum[v][k] = P(T(0));
                else
                    sum[v][k] = k == 0 ? P::load(&b[(first + v) * L]) : P(T(0));
        const auto add = [&](int i, int k) __attribute__((always_inline)) {
#pragma GCC unroll 4
            for (int v = 0; v < V; ++v)
                add_product(sum[v][k], P::load(w + (i * V + v) * L), x.data()[i]);
        };
        int i = 0;
        for (; i + chains <= I; i += chains)
#pragma GCC unroll 8
            for (int k = 0; k < chains; ++k)
                add(i + k, k);
        for (; i < I; ++i)
            add(i, 0);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) {
#pragma GCC unroll 8
            for (int k = 1; k < chains; ++k)
                sum[v][0] += sum[v][k];
            f(sum[v][0], (first + v) * L).store(y.data() + (first + v) * L);
        }
        w += std::ptrdiff_t{I} * V * L;
    });
}

} // namespace lamina::inline LAMINA_ABI::kernels::one

LAMINA_END_OPTIMIZED
