// The gradient of a convolution's input with extents known at run time: register tiles are constants, chosen
// from tables; all else are numbers.
//     dx(c, y, x) = sum over o, u, v of  w(c, u, v, o) * dz(o, (y + P - u D) / S, (x + P - v D) / S)
// It is not the kernel for constant extents: there the weights of a tile's channels are constants apart, here
// each would take a register for its address, so the weight is prepared, with these channels side by side.
// That is done once a step, not once a pack of samples.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The weight w(c, t, o) of C input channels, `taps` = KH KW and F filters in the order that the input
/// gradient needs: prepared(o, t, c).
template <class T>
inline void prepare_conv_weight(ByNumbers, const T* w, int C, int taps, int F, T* prepared) noexcept {
    has_effects();
    for (int c = 0; c < C; ++c)
        for (int t = 0; t < taps; ++t)
            for (int o = 0; o < F; ++o)
                prepared[(std::ptrdiff_t{o} * taps + t) * C + c] = w[(std::ptrdiff_t{c} * taps + t) * F + o];
}

/// What a sum of products runs over, and how far apart things lie.
struct Taps {
    int planes, rows, columns;
    std::ptrdiff_t x_plane, x_row, x_column; // from a tap to the next, in x
    std::ptrdiff_t w_plane, w_row, w_column; // in the weights
    std::ptrdiff_t y_pixel, y_channel;       // from a result to the next of its row, and of its channel
};

/// A row of `count` results of `Channels` neighbouring channels, without those that the tile before has had.
/// `Columns` of taps are a constant for the most usual kernel, and 0 for all others.
template <int Channels, int Pixels, int Columns, Store How, class E, class T>
void tap_sums_row(const E* x, const T* w, E* y, const Taps& t, int count, int had) noexcept {
    has_effects();
    const int planes = t.planes, rows = t.rows, columns = Columns > 0 ? Columns : t.columns;
    const std::ptrdiff_t x_plane = t.x_plane, x_row = t.x_row, x_column = Columns > 0 ? 1 : t.x_column;
    const std::ptrdiff_t row_step = t.w_row, w_column = t.w_column, plane_step = t.w_plane;
    for (int k = 0; k < tiles(count, Pixels); ++k) {
        const int j0 = overlapped(k, Pixels, count), had_columns = already_stored<How>(k, Pixels, count);
        E sum[std::size_t{Channels}][std::size_t{Pixels}];
#pragma GCC unroll 32
        for (int c = 0; c < Channels; ++c)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                sum[c][p] = E(T(0));
        const E* plane = x + j0;
        const T* w_plane = w;
        for (int o = 0; o < planes; ++o, plane += x_plane, w_plane += plane_step) {
            const E* row = plane;
            const T* w_row = w_plane;
            for (int u = 0; u < rows; ++u, row += x_row, w_row += row_step) {
                const T* taps = w_row;
#pragma GCC unroll 3
                for (int v = 0; v < columns; ++v, taps += w_column) {
                    E in[std::size_t{Pixels}];
#pragma GCC unroll 32
                    for (int p = 0; p < Pixels; ++p)
                        in[p] = row[v * x_column + p];
#pragma GCC unroll 32
                    for (int c = 0; c < Channels; ++c)
#pragma GCC unroll 32
                        for (int p = 0; p < Pixels; ++p)
                            add_product(sum[c][p], in[p], taps[c]);
                }
            }
        }
#pragma GCC unroll 32
        for (int c = 0; c < Channels; ++c)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                if (How == Store::overwrite || (c >= had && p >= had_columns))
                    store<How>(y[c * t.y_channel + (j0 + p) * t.y_pixel], sum[c][p]);
    }
}

/// (The channels of one sample are a vector.)
template <int Columns, Store How, class E, class T>
inline constexpr auto tap_sums_table =
    tile_table<8, lanes_of<E> == 1 ? 1 : 4, void(const E*, const T*, E*, const Taps&, int, int) noexcept>(
        []<int Channels, int Pixels>() { return &tap_sums_row<Channels, Pixels, Columns, How, E, T>; });

/// Of one group: `prepared` are its weights.
template <Store How, class DZ, class T, class DX, class Epilogue>
inline void conv_input_gradient_of_group(DZ dz, const T* prepared, DX dx, RunTimeWindow k,
                                         Epilogue f) noexcept {
    has_effects();
    using E = typename DX::element;
    static constexpr auto& of_three = tap_sums_table<3, How, E, T>;
    static constexpr auto& of_any = tap_sums_table<0, How, E, T>;
    const auto xs = dx.geometry();
    const auto zs = dz.geometry();
    const int C = xs.channels, S = k.column_stride, D = k.column_dilation, P = k.left, end = P + xs.width;
    // Columns that share their taps are W / S, or one more.
    const int few = xs.width / S;
    const Tile of_few = best_tile(C, few > 0 ? few : 1, of_any.rows, of_any.columns);
    const Tile of_more = best_tile(C, few + 1, of_any.rows, of_any.columns);
    for (int y = 0; y < xs.height; ++y) {
        const int q = y + k.top;
        const TapsThatMeet u(q, k.rows, k.row_stride, k.row_dilation, zs.height - 1);
        // The columns x of dx with (x + P) mod S = `phase` share their taps.
        for (int phase = 0; phase < S; ++phase) {
            const int start = P + (phase + S - P % S) % S; // x + P of the first of them
            const int columns = start < end ? (end - start + S - 1) / S : 0;
            if (columns == 0)
                continue;
            const TapsThatMeet v(phase + S * k.columns * D, k.columns, S, D, phase + k.columns * D);
            const bool met = u.count > 0 && v.count > 0;
            // Runs from the last tap of a row to the first, so that dz is read forwards.
            const int last = v.first + (met ? v.count - 1 : 0) * v.step;
            const Taps t{zs.channels,
                         met ? u.count : 0,
                         v.count,
                         zs.plane,
                         -(u.step * k.row_dilation / k.row_stride) * zs.row,
                         v.step * D / S,
                         std::ptrdiff_t{k.rows} * k.columns * C,
                         std::ptrdiff_t{u.step} * k.columns * C,
                         -std::ptrdiff_t{v.step} * C,
                         S,
                         xs.plane};
            const auto* from = dz.data();
            const T* weight = prepared;
            if (met) {
                from += zs.at(0, (q - u.first * k.row_dilation) / k.row_stride, (start - last * D) / S);
                weight += (u.first * k.columns + last) * C;
            }
            const Tile tile = columns > few ? of_more : of_few;
            auto* const row = v.count == 3 && t.x_column == 1 ? of_three[tile] : of_any[tile];
            for (int ct = 0; ct < tiles(C, tile.rows); ++ct) {
                const int c = overlapped(ct, tile.rows, C);
                row(from, weight + c, dx.data() + xs.at(c, y, start - P), t, columns,
                    already_stored<How>(ct, tile.rows, C));
            }
        }
        for (int c = 0; c < C; ++c)
            finish_row(f, dx, c, y);
    }
}

/// Overwrites dx, or adds to it. `prepared` is the weight as `prepare_conv_weight` writes it.
template <Store How, class DZ, class T, class DX, class Epilogue>
inline void conv_input_gradient_by_numbers(ByNumbers, DZ dz, const T* prepared, DX dx, RunTimeWindow k,
                                           Epilogue f) noexcept {
    const int planes = dx.geometry().channels / k.groups, filters = dz.geometry().channels / k.groups;
    for (int g = 0; g < k.groups; ++g)
        conv_input_gradient_of_group<How>(
            share_of_channels<0>(dz, g * filters, filters),
            prepared + std::ptrdiff_t{g} * filters * k.rows * k.columns * planes,
            share_of_channels<0>(dx, g * planes, planes), k, OfFilters<Epilogue, DX>{f, dx, g * planes});
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
