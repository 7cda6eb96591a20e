// One sample at a time, with run-time extents. Convolutions compute with output channels in lanes, and put
// their results into planes by transposing blocks.
#pragma once

#include <lamina/dynamic/view.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>

#include <array>
#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::dynamic {

/// The first `count` lanes, and nothing beyond them.
[[gnu::always_inline]] inline void store_some(const pack<float>& p, float* to, int count) noexcept {
    float all[static_cast<std::size_t>(native_lanes<float>)];
    p.store(all);
    const float* from = all;
#pragma GCC unroll 8
    for (int piece = native_lanes<float> / 2; piece >= 1; piece /= 2)
        if ((count & piece) != 0) {
            __builtin_memcpy(to, from, static_cast<std::size_t>(piece) * sizeof(float));
            to += piece;
            from += piece;
        }
}

/// What a row of a convolution runs over.
struct OneRow {
    int planes, kernel, filters;
    std::ptrdiff_t x_plane, x_row, x_pixel;
    int count; // results
};

/// `Vectors` vectors of filters at all places of a row, `Pixels` at a time: line[o * count + j].
/// `Stride` is 1, or 0 where it is known only at run time.
template <int Vectors, int Pixels, int Stride>
void one_conv_row(const float* x, const float* w, const float* b, const OneRow& row,
                  pack<float>* line) noexcept {
    kernels::has_effects();
    constexpr int L = native_lanes<float>;
    const std::ptrdiff_t x_pixel = Stride > 0 ? Stride : row.x_pixel;
    const int K = row.kernel, F = row.filters;
    for (int k = 0; k < kernels::tiles(row.count, Pixels); ++k) {
        const int j0 = kernels::overlapped(k, Pixels, row.count);
        pack<float> sum[std::size_t{Vectors}][std::size_t{Pixels}];
#pragma GCC unroll 32
        for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                sum[o][p] = pack<float>::load(b + o * L);
        const float* taps = w;
        for (int c = 0; c < row.planes; ++c)
            for (int u = 0; u < K; ++u) {
                const float* in = x + j0 * x_pixel + c * row.x_plane + u * row.x_row;
                for (int v = 0; v < K; ++v, ++in, taps += F) {
                    pack<float> weight[std::size_t{Vectors}];
#pragma GCC unroll 32
                    for (int o = 0; o < Vectors; ++o)
                        weight[o] = pack<float>::load(taps + o * L);
#pragma GCC unroll 32
                    for (int p = 0; p < Pixels; ++p)
#pragma GCC unroll 32
                        for (int o = 0; o < Vectors; ++o)
                            add_product(sum[o][p], weight[o], in[p * x_pixel]);
                }
            }
#pragma GCC unroll 32
        for (int o = 0; o < Vectors; ++o)
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p)
                line[o * row.count + j0 + p] = sum[o][p];
    }
}

/// A convolution of one sample: its tile and kernels. Filters are taken `Vectors` vectors at a time; the last
/// vectors overlap those before, and where there are fewer filters than lanes, lanes beyond hold nonsense.
class OneConv {
  public:
    OneConv(int planes, int filters, int kernel, int stride, int count) noexcept
        : C{planes}, F{filters}, K{kernel}, S{stride}, W{count} {
        vectors_ = F / L >= 2 ? 2 : 1;
        const int most = S > 1 ? most_strided : vectors_ == 2 ? most_pixels_of_two : most_pixels;
        // The fewest tiles, all about the same.
        const int pixels = kernels::tiles(W, kernels::tiles(W, most));
        const auto place = static_cast<std::size_t>(pixels - 1);
        if (S == 1)
            kernel_ = vectors_ == 2 ? rows<2, 1, most_pixels_of_two>[place] : rows<1, 1, most_pixels>[place];
        else
            kernel_ = vectors_ == 2 ? rows<2, 0, most_strided>[place] : rows<1, 0, most_strided>[place];
    }

    /// Packs needed for a row.
    [[nodiscard]] int scratch() const noexcept { return vectors_ * W; }

    /// Row `i` of y. `x` points to its first tap.
    void row(const float* x, const Layout& layout, const float* w, const float* b, const View<float>& y,
             int i, pack<float>* line) const noexcept {
        kernels::has_effects();
        const OneRow row{C, K, F, layout.plane, layout.row, S, W};
        const int span = vectors_ * L;
        for (int t = 0; t < kernels::tiles(F, span); ++t) {
            const int o = F > span ? kernels::overlapped(t, span, F) : 0;
            kernel_(x, w + o, b + o, row, line);
            for (int k = 0; k < vectors_; ++k)
                put(line + k * W, y, o + k * L, i);
        }
    }

  private:
    static constexpr int L = native_lanes<float>;
    /// Pixels of a tile of one vector of filters, and of two; where they are apart, each takes an address.
    static constexpr int most_pixels = vector_registers >= 32 ? 14 : 10;
    static constexpr int most_pixels_of_two = vector_registers >= 32 ? 12 : 6;
    static constexpr int most_strided = 4;

    using Kernel = void (*)(const float*, const float*, const float*, const OneRow&, pack<float>*) noexcept;
    template <int Vectors, int Stride, int Most>
    static constexpr auto rows = with_indices<Most>([](auto... p) {
        return std::array{&one_conv_row<Vectors, p + 1, Stride>...};
    });

    /// A row of vectors of channels, from `channel` on, into the planes.
    void put(const pack<float>* line, const View<float>& y, int channel, int i) const noexcept {
        kernels::has_effects();
        const int channels = F - channel < L ? F - channel : L;
        for (int t = 0; t < kernels::tiles(W, L); ++t) {
            const int j = W > L ? kernels::overlapped(t, L, W) : 0, count = W < L ? W : L;
            pack<float>::vector block[static_cast<std::size_t>(L)];
            for (int k = 0; k < L; ++k)
                block[k] = line[j + (k < count ? k : 0)].v;
            kernels::transpose<L>(block);
            for (int c = 0; c < channels; ++c) {
                float* to = y.at(channel + c, i, j);
                if (count == L)
                    pack<float>(block[c]).store(to);
                else
                    store_some(block[c], to, count);
            }
        }
    }

    int C, F, K, S, W; // input channels, filters, kernel, stride, columns of the result
    int vectors_ = 1;
    Kernel kernel_ = nullptr;
};

/// `Tile` outputs, each a sum over lanes of products: y(o) = b(o) + w(o, .) x.
template <int Tile>
void one_dense_tile(const float* x, const float* w, const float* b, float* y, int inputs) noexcept {
    kernels::has_effects();
    constexpr int L = native_lanes<float>;
    pack<float> sum[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o)
        sum[o] = 0.0F;
    int i = 0;
    for (; i + L <= inputs; i += L) {
        const pack<float> in = pack<float>::load(x + i);
#pragma GCC unroll 32
        for (int o = 0; o < Tile; ++o)
            add_product(sum[o], in, pack<float>::load(w + std::ptrdiff_t{o} * inputs + i));
    }
#pragma GCC unroll 32
    for (int o = 0; o < Tile; ++o) {
        float result = b[o] + lane_sum(sum[o]);
        for (int k = i; k < inputs; ++k)
            result += w[std::ptrdiff_t{o} * inputs + k] * x[k];
        y[o] = result;
    }
}

inline void dense_one(const float* x, const float* w, const float* b, float* y, int outputs,
                      int inputs) noexcept {
    kernels::has_effects();
    static constexpr auto kernel =
        with_indices<8>([](auto... i) { return std::array{&one_dense_tile<i + 1>...}; });
    // The fewest tiles of at most eight, all about the same.
    const int tile = kernels::tiles(outputs, kernels::tiles(outputs, 8));
    for (int t = 0; t < kernels::tiles(outputs, tile); ++t) {
        const int o = kernels::overlapped(t, tile, outputs);
        kernel[static_cast<std::size_t>(tile - 1)](x, w + std::ptrdiff_t{o} * inputs, b + o, y + o, inputs);
    }
}

/// Every second number of two neighbouring vectors, from number `First` on.
template <std::size_t First, std::size_t... I>
[[nodiscard, gnu::always_inline]] inline pack<float> every_second(const pack<float>& a, const pack<float>& b,
                                                                  std::index_sequence<I...>) noexcept {
    if constexpr (pack<float>::lanes == 1)
        return First == 0 ? a : b;
    else
        return __builtin_shufflevector(a.v, b.v, static_cast<int>(2 * I + First)...);
}

/// Pooling over windows of 2 x 2 that tile the image. Rows are read by whole vectors, and may be so beyond
/// their end.
template <class Join, class Finish>
void halve_one(const View<const float>& x, const View<float>& y, Join join, Finish finish) noexcept {
    kernels::has_effects();
    constexpr int L = native_lanes<float>;
    constexpr std::make_index_sequence<static_cast<std::size_t>(L)> lanes{};
    for (int c = 0; c < y.geometry().channels; ++c)
        for (int i = 0; i < y.geometry().height; ++i)
            for (int j = 0; j < y.geometry().width; j += L) {
                const float* above = x.at(c, 2 * i, 2 * j);
                const float* below = above + x.geometry().row;
                const auto half = [&](const float* row) {
                    const pack<float> a = pack<float>::load(row), b = pack<float>::load(row + L);
                    return join(every_second<0>(a, b, lanes), every_second<1>(a, b, lanes));
                };
                const pack<float> result = finish(join(half(above), half(below)));
                if (y.geometry().width - j >= L)
                    result.store(y.at(c, i, j));
                else
                    store_some(result, y.at(c, i, j), y.geometry().width - j);
            }
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_OPTIMIZED
