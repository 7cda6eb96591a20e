// Register tiles: the results that a kernel keeps in registers at a time.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/pack.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// A register tile: `rows` x `columns` accumulators, with one operand per row and one per column.
struct Tile {
    int rows;
    int columns;
};

[[nodiscard, gnu::always_inline]] constexpr int tiles(int extent, int tile) noexcept {
    return (extent + tile - 1) / tile;
}

/// Whether the target is one of Intel's processors with AVX-512 VNNI, known by what AMD's have besides. From
/// beyond the first cache they read several streams faster than one, where AMD's read one fastest, and they
/// gain where lines are fetched before they are loaded, where AMD's lose.
#if defined(__AVX512VNNI__) && !defined(__SSE4A__)
inline constexpr bool is_intel_avx512 = true;
#else
inline constexpr bool is_intel_avx512 = false;
#endif

/// How many sums of products a kernel keeps in registers, beside their operands.
inline constexpr int most_sums = vector_registers >= 32 ? 24 : vector_registers >= 16 ? 12 : 1;
/// How many parts such sums have, so that the latency of additions is hidden where they are few.
[[nodiscard]] constexpr int chains_of(int sums) noexcept {
    return sums < 8 && 2 * sums <= most_sums ? 2 : 1;
}
/// Calls f(first, size) with constants for parts of `Count`, as few as have at most `Most`, and as equal as
/// they can be.
template <int Count, int Most, class F>
[[gnu::always_inline]] constexpr void for_equal_parts(F f) noexcept {
    constexpr int parts = tiles(Count, Most);
    for_each_index<parts>([&](auto part) __attribute__((always_inline)) {
        constexpr int first = Count * part / parts, size = Count * (part + 1) / parts - first;
        f(std::integral_constant<int, first>{}, std::integral_constant<int, size>{});
    });
}

/// The tile that covers `rows` x `columns` results in the fewest cycles. A step of a tile costs one FMA per
/// accumulator and one load per operand, two of each per cycle, and never less than the eight FMAs in flight
/// that hide their latency. Column operands and one row operand stay in registers beside the accumulators. Of
/// tiles that cost the same, the one with the most accumulators and then the fewest loads is taken: operands
/// do not always come from the first cache.
/// The number of columns is a multiple of `column_step` (the positions of a pooling window). `column_loads`
/// is how many loads a column operand costs.
[[nodiscard]] constexpr Tile best_tile(int rows, int columns, int max_rows, int max_columns,
                                       int column_step = 1, int column_loads = 1) noexcept {
    Tile best{1, column_step};
    long long best_cost = -1;
    int best_loads = 0;
    for (int r = 1; r <= rows && r <= max_rows; ++r) {
        for (int c = 1; c <= columns && c <= max_columns; ++c) {
            const int width = c * column_step;
            const int registers = r * width + width + 1;
            if (registers > vector_registers && r * c > 1)
                continue;
            const int fmas = r * width, loads = r + width * column_loads;
            int step = fmas > loads ? fmas : loads;
            step = step > 8 ? step : 8;
            const long long cost = 1LL * tiles(rows, r) * tiles(columns, c) * step;
            const int best_fmas = best.rows * best.columns * column_step;
            if (best_cost < 0 || cost < best_cost ||
                (cost == best_cost && (fmas > best_fmas || (fmas == best_fmas && loads < best_loads)))) {
                best_cost = cost;
                best = {r, c};
                best_loads = loads;
            }
        }
    }
    return best;
}

/// The `column_loads` of pixels that meet windows of so many columns. Taps in a row share what they load.
/// With a single one, g++ loads a pixel for each of up to 4 filters again, which two loads a cycle of the
/// widest vectors do not bear.
[[nodiscard]] constexpr int loads_of_pixel(int taps) noexcept {
    return taps == 1 && vector_registers >= 32 ? 4 : 1;
}

/// Whether a kernel overwrites its results or adds to what is there.
enum class Store { overwrite, add };

/// Stores a result.
template <Store How, class T>
[[gnu::always_inline]] constexpr void store(T& to, const T& result) noexcept {
    if constexpr (How == Store::add)
        to = to + result;
    else
        to = result;
}

/// Adds to a gradient, or overwrites it.
template <class T>
[[gnu::always_inline]] constexpr void accumulate(T& gradient, T part, bool overwrite) noexcept {
    if (overwrite)
        gradient = part;
    else
        gradient = gradient + part;
}

/// The start of the i-th of several tiles, the last of which may overlap the one before: for results that may
/// be computed twice.
[[nodiscard, gnu::always_inline]] constexpr int overlapped(int i, int tile, int extent) noexcept {
    return i * tile < extent - tile ? i * tile : extent - tile;
}

/// The number of results of the i-th tile that the one before has had already: they must not be added twice.
template <Store How>
[[nodiscard, gnu::always_inline]] constexpr int already_stored(int i, int tile, int extent) noexcept {
    return How == Store::add ? i * tile - overlapped(i, tile, extent) : 0;
}

/// Calls f(start, size) for every whole tile of `Extent` and for the rest: for results that are added to.
template <int Extent, int Tile, class F>
[[gnu::always_inline]] constexpr void cover(F f) noexcept {
    for (int i = 0; i + Tile <= Extent; i += Tile)
        f(i, std::integral_constant<int, Tile>{});
    if constexpr (Extent % Tile != 0)
        f(Extent - Extent % Tile, std::integral_constant<int, Extent % Tile>{});
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
