// A dense layer of two packs of samples (dense.hpp).
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/dense.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/lanes.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// `Tile` outputs from o0 on. Each weight is loaded for both packs: for one, an FMA would need a load of its
/// own. Before it reads input i it calls load(i): see `IntoLanes`.
template <int Tile, class X, class Y, class T, class B, class Epilogue, class Load>
[[gnu::always_inline]] inline void dense_outputs_of_two(X x, X other_x, const T* w, B b, Y y, Y other_y,
                                                        Epilogue f, int o0, Load load) noexcept {
    has_effects();
    using E = typename Y::element;
    constexpr int I = X::size;
    const T* weight = w + std::ptrdiff_t{o0} * I;
    E sum[std::size_t{Tile}], other[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o)
        sum[o] = other[o] = bias_at<E>(b, o0 + o);
    for (int i = 0; i < I; ++i, ++weight) {
        load(i);
        const E in = x.data()[i], other_in = other_x.data()[i];
#pragma GCC unroll 32
        for (int o = 0; o < Tile; ++o) {
            add_product(sum[o], in, weight[std::ptrdiff_t{o} * I]);
            add_product(other[o], other_in, weight[std::ptrdiff_t{o} * I]);
        }
    }
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o) {
        y.data()[o0 + o] = f(sum[o], o0 + o);
        other_y.data()[o0 + o] = f(other[o], o0 + o);
    }
}
/// Only the first tile calls `load`: the inputs of the others are in lanes then.
template <class X, class Y, class T, class B, class Epilogue, class Load>
inline void dense_of_two(X x, X other_x, const T* w, B b, Y y, Y other_y, Epilogue f, Load load) noexcept {
    constexpr int O = Y::size, tile = dense_tile(O, X::size * static_cast<int>(sizeof(T)), 24, 8, 2);
    dense_outputs_of_two<tile>(x, other_x, w, b, y, other_y, f, 0, load);
    for (int t = 1; t < tiles(O, tile); ++t)
        dense_outputs_of_two<tile>(x, other_x, w, b, y, other_y, f, overlapped(t, tile, O), InLanes{});
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
