// The gradient of a convolution's input with run-time extents: register tiles are constants, chosen from
// tables; all else are numbers.
//     dx(c, y, x) = sum over o, u, v of  w(c, u, v, o) * dz(o, (y + P - u) / S, (x + P - v) / S)
// It is not the kernel for constant extents: there the weights of a tile's channels are constants apart, here
// each would take a register for its address, so the weights are prepared with these channels side by side.
#pragma once

#include <lamina/dynamic/view.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>

#include <array>
#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::dynamic {

using kernels::accumulate;
using kernels::best_tile;
using kernels::overlapped;
using kernels::Tile;
using kernels::tiles;

/// What a sum of products runs over, and how far apart things lie.
struct Taps {
    int planes, rows, columns;
    std::ptrdiff_t x_plane, x_row;           // from a tap to the next, in x; those of a row are neighbours
    std::ptrdiff_t w_plane, w_row, w_column; // in the weights
    std::ptrdiff_t x_pixel, y_pixel;         // from a result to the next of its row
    std::ptrdiff_t y_filter;                 // from a filter's result to the next one's
};

/// A row of `count` results of `Filters` neighbouring filters. `b` is null where sums start at zero.
/// `Columns` of taps are a constant for the most usual kernel with stride 1, and 0 for all others.
template <int Filters, int Pixels, int Columns>
void conv_row(const pack<float>* x, const float* w, const float* b, pack<float>* y, const Taps& t,
              int count) noexcept {
    kernels::has_effects();
    const int planes = t.planes, rows = t.rows, columns = Columns > 0 ? Columns : t.columns;
    const std::ptrdiff_t x_plane = t.x_plane, x_row = t.x_row, x_pixel = Columns > 0 ? 1 : t.x_pixel;
    const std::ptrdiff_t row_step = t.w_row, w_column = t.w_column, plane_step = t.w_plane;
    for (int k = 0; k < tiles(count, Pixels); ++k) {
        const int j0 = overlapped(k, Pixels, count);
        pack<float> sum[std::size_t{Filters}][std::size_t{Pixels}];
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                if (b != nullptr)
                    sum[o][p] = b[o];
                else
                    sum[o][p] = 0.0F;
        const pack<float>* plane = x + j0 * x_pixel;
        const float* w_plane = w;
        for (int c = 0; c < planes; ++c, plane += x_plane, w_plane += plane_step) {
            const pack<float>* row = plane;
            const float* w_row = w_plane;
            for (int u = 0; u < rows; ++u, row += x_row, w_row += row_step) {
                const float* taps = w_row;
#pragma GCC unroll 3
                for (int v = 0; v < columns; ++v, taps += w_column) {
                    pack<float> in[std::size_t{Pixels}];
#pragma GCC unroll 32
                    for (int p = 0; p < Pixels; ++p)
                        in[p] = row[v + p * x_pixel];
#pragma GCC unroll 32
                    for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
                        for (int p = 0; p < Pixels; ++p)
                            add_product(sum[o][p], in[p], taps[o]);
                }
            }
        }
#pragma GCC unroll 32
        for (int o = 0; o < Filters; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                y[o * t.y_filter + (j0 + p) * t.y_pixel] = sum[o][p];
    }
}

using ConvRow = void (*)(const pack<float>*, const float*, const float*, pack<float>*, const Taps&,
                         int) noexcept;

template <int Filters, int Pixels, int Columns>
[[nodiscard]] constexpr ConvRow conv_row_if_it_fits() noexcept {
    if constexpr (Filters * Pixels + Pixels + 1 <= vector_registers || Filters * Pixels == 1)
        return &conv_row<Filters, Pixels, Columns>;
    else
        return nullptr;
}

inline constexpr int max_filters = 8, max_pixels = 4; // of a tile

template <int Columns>
inline constexpr auto conv_rows = with_indices<max_filters * max_pixels>([](auto... i) {
    return std::array<ConvRow, sizeof...(i)>{
        conv_row_if_it_fits<i / max_pixels + 1, i % max_pixels + 1, Columns>()...};
});

/// The tile for so many filters and columns, and its kernels: for three columns of taps and stride 1, and for
/// any.
class ConvRows {
  public:
    ConvRows() noexcept = default;
    ConvRows(int filters, int columns) noexcept
        : filters_{filters}, columns_{columns}, tile_{best_tile(filters, columns, max_filters, max_pixels)} {
        const auto place = static_cast<std::size_t>((tile_.rows - 1) * max_pixels + tile_.columns - 1);
        three_ = conv_rows<3>[place];
        any_ = conv_rows<0>[place];
    }

    /// A row of all filters' results.
    void run(const pack<float>* x, const float* w, const float* b, pack<float>* y,
             const Taps& t) const noexcept {
        kernels::has_effects();
        const ConvRow kernel = t.columns == 3 && t.x_pixel == 1 ? three_ : any_;
        for (int f = 0; f < tiles(filters_, tile_.rows); ++f) {
            const int o = overlapped(f, tile_.rows, filters_);
            kernel(x, w + o, b != nullptr ? b + o : nullptr, y + o * t.y_filter, t, columns_);
        }
    }

  private:
    int filters_ = 0, columns_ = 0;
    Tile tile_{1, 1};
    ConvRow three_ = nullptr, any_ = nullptr;
};

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_OPTIMIZED
