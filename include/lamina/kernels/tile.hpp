// How many results a kernel keeps in registers at a time.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/pack.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// A register tile: `rows` x `columns` accumulators, fed by one operand a row and one a column.
struct Tile {
    int rows;
    int columns;
};

[[nodiscard, gnu::always_inline]] constexpr int tiles(int extent, int tile) noexcept {
    return (extent + tile - 1) / tile;
}

/// The tile that covers `rows` x `columns` results in the fewest cycles. A step of a tile costs an FMA an
/// accumulator and a load an operand, both at two a cycle, and never less than the eight FMAs in flight that
/// hide their latency. Column operands and one row operand stay in registers beside the accumulators.
/// `column_step` is the unit in which columns come (the positions of a pooling window).
[[nodiscard]] constexpr Tile best_tile(int rows, int columns, int max_rows, int max_columns,
                                       int column_step = 1) noexcept {
    Tile best{1, column_step};
    long long best_cost = -1;
    for (int r = 1; r <= rows && r <= max_rows; ++r) {
        for (int c = 1; c <= columns && c <= max_columns; ++c) {
            const int width = c * column_step;
            const int registers = r * width + width + 1;
            if (registers > vector_registers && r * c > 1)
                continue;
            const int fmas = r * width, loads = r + width;
            int step = fmas > loads ? fmas : loads;
            step = step > 8 ? step : 8;
            const long long cost = 1LL * tiles(rows, r) * tiles(columns, c) * step;
            if (best_cost < 0 || cost < best_cost ||
                (cost == best_cost && fmas > best.rows * best.columns * column_step)) {
                best_cost = cost;
                best = {r, c};
            }
        }
    }
    return best;
}

/// Adds to a gradient, or begins it: what a fresh one held before counts for nothing.
template <class T>
[[gnu::always_inline]] constexpr void accumulate(T& gradient, T part, bool fresh) noexcept {
    if (fresh)
        gradient = part;
    else
        gradient = gradient + part;
}

/// Where the i-th of several tiles starts when the last one may overlap the one before it: for results that
/// are only written, never added to.
[[nodiscard, gnu::always_inline]] constexpr int overlapped(int i, int tile, int extent) noexcept {
    return i * tile < extent - tile ? i * tile : extent - tile;
}

/// f(start, size) for every whole tile of `Extent` and for what is left: for results that are added to.
template <int Extent, int Tile, class F>
[[gnu::always_inline]] constexpr void cover(F f) noexcept {
    for (int i = 0; i + Tile <= Extent; i += Tile)
        f(i, std::integral_constant<int, Tile>{});
    if constexpr (Extent % Tile != 0)
        f(Extent - Extent % Tile, std::integral_constant<int, Extent % Tile>{});
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
