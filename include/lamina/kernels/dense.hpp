// Dense forward and backward:
//     y(o)     = f(b(o) + sum over i of w(o, i) x(i), o)
//     dw(o, i) += dz(o) x(i)      db(o) += dz(o)      dx(i) = sum over o of w(o, i) dz(o)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The number of rows of weights, or of their gradients, that are processed together: at most `most`, or at
/// most `fewer` if rows lie a multiple of 4 KiB apart, because such rows share cache sets.
[[nodiscard]] constexpr int dense_tile(int outputs, int row_bytes, int most = 24, int fewer = 8,
                                       int columns = 1) noexcept {
    return best_tile(outputs, 1, row_bytes % 4096 == 0 ? fewer : most, 1, columns).rows;
}

/// With an epilogue `f(sum, o)`, which gives the result that is stored. It may be called twice for a result,
/// so it must not read y. x: I; w: O,I; b, y: O.
template <class X, class W, class B, class Y, class Epilogue>
constexpr void dense(X x, W w, B b, Y y, Epilogue f) noexcept {
    has_effects();
    using E = typename Y::element;
    constexpr int O = W::shape::extents[0], I = W::shape::extents[1];
    constexpr int tile = dense_tile(O, I * static_cast<int>(sizeof(scalar_of<E>)));
    for (int t = 0; t < tiles(O, tile); ++t) {
        const int o0 = overlapped(t, tile, O);
        const auto* weight = w.data() + W::layout::at(o0, 0);
        E sum[std::size_t{tile}];
#pragma GCC unroll 32
        for (int o = 0; o < tile; ++o)
            sum[o] = E(b[o0 + o]);
        for (int i = 0; i < I; ++i) {
            const E in = x[i];
#pragma GCC unroll 32
            for (int o = 0; o < tile; ++o)
                add_product(sum[o], in, weight[std::ptrdiff_t{o} * I + i]);
        }
#pragma GCC unroll 32
        for (int o = 0; o < tile; ++o)
            y[o0 + o] = f(sum[o], o0 + o);
    }
}

/// Overwrites dx, or adds to it.
template <Store How = Store::overwrite, class DZ, class W, class DX>
constexpr void dense_input_gradient(DZ dz, W w, DX dx) noexcept {
    has_effects();
    using E = typename DX::element;
    constexpr int O = W::shape::extents[0], I = W::shape::extents[1];
    constexpr int tile = best_tile(I, 1, 24, 1).rows;
    for (int t = 0; t < tiles(I, tile); ++t) {
        const int i0 = overlapped(t, tile, I), had = already_stored<How>(t, tile, I);
        E sum[std::size_t{tile}];
#pragma GCC unroll 32
        for (int i = 0; i < tile; ++i)
            sum[i] = E(0);
        for (int o = 0; o < O; ++o) {
            const E g = dz[o];
            const auto* weight = w.data() + W::layout::at(o, i0);
#pragma GCC unroll 32
            for (int i = 0; i < tile; ++i)
                add_product(sum[i], g, weight[i]);
        }
#pragma GCC unroll 32
        for (int i = 0; i < tile; ++i)
            if (i >= had)
                store<How>(dx[i0 + i], sum[i]);
    }
}

/// Adds to dw and db, or overwrites them. The plain form, for scalars.
template <class X, class DZ, class DW, class DB>
constexpr void dense_parameter_gradient(X x, DZ dz, DW dw, DB db, bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    constexpr int O = DW::shape::extents[0], I = DW::shape::extents[1];
    const auto rows = [&](auto once) __attribute__((always_inline)) { // a constant, not asked for each
        for (int o = 0; o < O; ++o) {
            const E g = dz[o];
            accumulate(db[o], lane_sum(g), once);
            for (int i = 0; i < I; ++i)
                accumulate(dw(o, i), lane_sum(E(g * x[i])), once);
        }
    };
    overwrite ? rows(std::true_type{}) : rows(std::false_type{});
}

/// The same for packs. A sum over lanes for each weight would cost more than everything else. Blocks of x are
/// therefore transposed: then lanes are inputs, a row of dw is a vector, and FMAs sum over the samples.
template <class X, class DZ, class DW, class DB>
    requires(lanes_of<typename DZ::element> > 1)
inline void dense_parameter_gradient(X x, DZ dz, DW dw, DB db, bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    using T = scalar_of<E>;
    using vector = typename E::vector;
    constexpr int L = lanes_of<E>, O = DW::shape::extents[0], I = DW::shape::extents[1];
    constexpr int blocks = I > L ? 2 : 1; // vectors of inputs in a tile: two share each broadcast of dz
    constexpr int tile = dense_tile(O, I * static_cast<int>(sizeof(T)), 16, 6, blocks);

    for (int o = 0; o < O; ++o)
        accumulate(db[o], lane_sum(E(dz[o])), overwrite);
    for (int i0 = 0; i0 < I; i0 += blocks * L) {
        const int inputs = I - i0 < blocks * L ? I - i0 : blocks * L;
        vector in[std::size_t{L}][std::size_t{blocks}]; // [sample][inputs]
#pragma GCC unroll 2
        for (int k = 0; k < blocks; ++k) {
            vector rows[std::size_t{L}];
            for (int r = 0; r < L; ++r)
                rows[r] = vector_or_zero(&x[i0], k * L + r, inputs);
            transpose<L>(rows);
            for (int r = 0; r < L; ++r)
                in[r][k] = rows[r];
        }
        for (int t = 0; t < tiles(O, tile); ++t) {
            const int o0 = overlapped(t, tile, O);
            vector sum[std::size_t{tile}][std::size_t{blocks}];
#pragma GCC unroll 32
            for (int o = 0; o < tile; ++o)
#pragma GCC unroll 2
                for (int k = 0; k < blocks; ++k)
                    sum[o][k] = vector{};
            for (int s = 0; s < L; ++s) {
#pragma GCC unroll 32
                for (int o = 0; o < tile; ++o) {
                    const T g = reinterpret_cast<const T*>(dz.data() + o0 + o)[s];
#pragma GCC unroll 2
                    for (int k = 0; k < blocks; ++k)
                        sum[o][k] = in[s][k] * g + sum[o][k];
                }
            }
            const int added = t * tile - o0; // rows that the tile before has had already
#pragma GCC unroll 32
            for (int o = 0; o < tile; ++o) {
                if (o < added)
                    continue;
                T* row = dw.data() + std::ptrdiff_t{o0 + o} * I + i0;
                if (inputs == blocks * L) {
#pragma GCC unroll 2
                    for (int k = 0; k < blocks; ++k) {
                        const E part = sum[o][k];
                        (overwrite ? part : E::load(row + k * L) + part).store(row + k * L);
                    }
                } else {
                    T parts[std::size_t{blocks * L}];
#pragma GCC unroll 2
                    for (int k = 0; k < blocks; ++k)
                        E(sum[o][k]).store(parts + k * L);
                    for (int i = 0; i < inputs; ++i)
                        accumulate(row[i], parts[i], overwrite);
                }
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
