// Dense forward, and the gradient by the input:
//     y(o)  = f(b(o) + sum over i of w(o, i) x(i), o)
//     dx(i) = sum over o of w(o, i) dz(o)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/runs.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The number of rows of weights that are processed together: at most `most`, or at
/// most `fewer` if rows lie a multiple of 4 KiB apart, because such rows share cache sets.
[[nodiscard]] constexpr int dense_tile(int outputs, int row_bytes, int most = 24, int fewer = 8,
                                       int columns = 1) noexcept {
    return best_tile(outputs, 1, row_bytes % 4096 == 0 ? fewer : most, 1, columns).rows;
}

/// `Tile` outputs from o0 on.
template <int Tile, class X, class Y, class T, class B, class Epilogue>
[[gnu::always_inline]] constexpr void dense_outputs(X x, const T* w, B b, Y y, Epilogue f, int o0) noexcept {
    has_effects();
    using E = typename Y::element;
    const int I = x.size;
    const T* weight = w + std::ptrdiff_t{o0} * I;
    E sum[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o)
        sum[o] = bias_at<E>(b, o0 + o);
    for (int i = 0; i < I; ++i, ++weight) {
        const E in = x.data()[i];
#pragma GCC unroll 32
        for (int o = 0; o < Tile; ++o)
            add_product(sum[o], in, weight[std::ptrdiff_t{o} * I]);
    }
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o)
        if constexpr (ConstantExtents<Y>)
            y.data()[o0 + o] = f(sum[o], o0 + o);
        else
            y.data()[o0 + o] = f(sum[o], o0 + o, 0, 0);
}

template <class X, class Y, class T, class Epilogue>
inline constexpr auto dense_outputs_table =
    tile_table<24, 1, void(const X&, const T*, MaybeBias<T>, const Y&, Epilogue, int) noexcept>(
        []<int Tile, int>() {
            return +[](const X& x, const T* w, MaybeBias<T> b, const Y& y, Epilogue f, int o0) noexcept {
                dense_outputs<Tile>(x, w, b, y, f, o0);
            };
        });

/// With an epilogue `f(sum, o)`, which gives the result that is stored. It may be called twice for a result,
/// so it must not read y; see `finish_row`. x: I; w: O,I; b: O, or `NoBias`, or null if extents are not
/// constant; y: O.
template <class X, class Y, class T, class B, class Epilogue>
constexpr void dense(X x, const T* w, B b, Y y, Epilogue f) noexcept {
    if constexpr (!ConstantExtents<Y> && std::is_floating_point_v<typename Y::element>) {
        dense_by_numbers(ByNumbers{}, x, w, b, y, f);
    } else {
        const int O = y.size, tile = dense_tile(y.size, x.size * static_cast<int>(sizeof(T)));
        for (int t = 0; t < tiles(O, tile); ++t) {
            const int o0 = overlapped(t, tile, O);
            if constexpr (ConstantExtents<Y>)
                dense_outputs<tile>(x, w, b, y, f, o0);
            else
                dense_outputs_table<X, Y, T, Epilogue>[{tile, 1}](x, w, MaybeBias<T>{b}, y, f, o0);
        }
        finish_row(f, y, 0, 0);
    }
}

/// The gradients of `Tile` inputs from i0 on, without those that the tile before has had. Rows of the weight
/// are `to_row` numbers apart.
template <int Tile, Store How, class DZ, class T, class DX>
[[gnu::always_inline]] constexpr void dense_inputs_gradient(DZ dz, const T* w, std::ptrdiff_t to_row, DX dx,
                                                            int i0, int had) noexcept {
    has_effects();
    using E = typename DX::element;
    E sum[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int i = 0; i < Tile; ++i)
        sum[i] = E(scalar_of<E>(0));
    for (int o = 0; o < dz.size; ++o) {
        const E g = dz.data()[o];
        const T* weight = w + o * to_row + i0;
        if constexpr (is_intel_avx512)
            if (!std::is_constant_evaluated() && dz.size >= 16) { // both ends of a row that comes later
                __builtin_prefetch(weight + 8 * to_row);
                __builtin_prefetch(weight + 8 * to_row + Tile - 1);
            }
#pragma GCC unroll 32
        for (int i = 0; i < Tile; ++i)
            add_product(sum[i], g, weight[i]);
    }
#pragma GCC unroll 32
    for (int i = 0; i < Tile; ++i)
        if (i >= had)
            store<How>(dx[i0 + i], sum[i]);
}

template <Store How, class DZ, class T, class DX>
inline constexpr auto dense_inputs_table =
    tile_table<24, 1, void(const DZ&, const T*, std::ptrdiff_t, const DX&, int, int) noexcept>(
        []<int Tile, int>() {
            return +[](const DZ& dz, const T* w, std::ptrdiff_t to_row, const DX& dx, int i0,
                       int had) noexcept { dense_inputs_gradient<Tile, How>(dz, w, to_row, dx, i0, had); };
        });

/// Overwrites dx, or adds to it. `f` may have `finish_row(dx, c, i)`.
template <Store How = Store::overwrite, class DZ, class T, class DX, class Epilogue = AsItIs>
constexpr void dense_input_gradient(DZ dz, const T* w, DX dx, [[maybe_unused]] Epilogue f = {}) noexcept {
    if constexpr (ConstantExtents<DX>) {
        constexpr int I = DX::size, tile = best_tile(I, 1, 24, 1).rows;
        for (int t = 0; t < tiles(I, tile); ++t)
            dense_inputs_gradient<tile, How>(dz, w, I, dx, overlapped(t, tile, I),
                                             already_stored<How>(t, tile, I));
    } else { // a run of dx at a time: the layer before may want a halo around it
        const auto rows = long_rows(dx);
        for (int c = 0; c < rows.count; ++c)
            for (int i = 0; i < rows.rows; ++i) {
                const DX row{rows.row(dx, c, i), typename DX::layout{dims{rows.columns}}};
                const int I = row.size, tile = best_tile(I, 1, 24, 1).rows;
                for (int t = 0; t < tiles(I, tile); ++t)
                    dense_inputs_table<How, DZ, T, DX>[{tile, 1}](dz, w, dx.size, row, overlapped(t, tile, I),
                                                                  already_stored<How>(t, tile, I));
                w += I;
            }
        for (int c = 0; c < dx.geometry().channels; ++c)
            for (int i = 0; i < dx.geometry().height; ++i)
                finish_row(f, dx, c, i);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
