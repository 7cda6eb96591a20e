// The gradient of the weight of a 1x1 convolution, from dz, the gradient of the sums, as a product of
// matrices over all pixels and samples:
//     dw(c, o) += sum over i, j of  x(c, i S, j S) * dz(o, i, j)
// A sum over lanes for each weight, of a tile that reads a vector of memory for two or three FMAs, would wait
// for the second cache. Blocks of dz are therefore transposed: then lanes are filters, and each number of x
// meets them from a register.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/pack.hpp>

#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The register tile: `rows` channels and `columns` vectors of filters, of at most 4 (2 on few registers).
/// Channels are shared out evenly.
[[nodiscard]] constexpr Tile pointwise_tile(int channels, int vectors) noexcept {
    const int most = vector_registers >= 32 ? 4 : 2, columns = vectors < most ? vectors : most;
    const int fit = (vector_registers - columns - 2) / columns;
    return {tiles(channels, tiles(channels, fit)), columns};
}

/// Some pixels of dz: of each pixel and each of its samples `Vectors` vectors of filters; and where the
/// pixels of x lie that meet them, from the first of a plane. 16 KiB leave room in the first cache.
template <class T, int Vectors>
struct PixelBlock {
    using vector = typename pack<T>::vector;
    static constexpr int lanes = native_lanes<T>;
    static constexpr int most = (16 << 10) / (lanes * Vectors * static_cast<int>(sizeof(vector)));

    vector of[static_cast<std::size_t>(most * lanes)][static_cast<std::size_t>(Vectors)];
    std::ptrdiff_t at[static_cast<std::size_t>(most)];
    int pixels = 0;

    /// One more pixel, of filters from `dz` on, `plane` elements apart. Adds its samples to the sums of
    /// biases.
    [[gnu::always_inline]] void add(const pack<T>* dz, std::ptrdiff_t plane, std::ptrdiff_t of_x,
                                    vector (&biases)[static_cast<std::size_t>(Vectors)]) noexcept {
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            vector rows[static_cast<std::size_t>(lanes)];
            for (int r = 0; r < lanes; ++r)
                rows[r] = dz[(v * lanes + r) * plane].v;
            transpose<lanes>(rows);
            for (int r = 0; r < lanes; ++r) {
                of[pixels * lanes + r][v] = rows[r];
                biases[v] += rows[r];
            }
        }
        at[pixels++] = of_x;
    }
};

/// The weights of `Channels` channels, from `x` and `dw` on, and the filters of a block, of F in all.
template <int Channels, int Vectors, class T>
[[gnu::always_inline]] inline void pointwise_weights(const PixelBlock<T, Vectors>& block, const pack<T>* x,
                                                     std::ptrdiff_t plane, T* dw, std::ptrdiff_t F,
                                                     bool overwrite) noexcept {
    has_effects();
    using E = pack<T>;
    using vector = typename E::vector;
    constexpr int L = E::lanes;
    vector sum[std::size_t{Channels}][std::size_t{Vectors}];
#pragma GCC unroll 32
    for (int c = 0; c < Channels; ++c)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v)
            sum[c][v] = vector{};
    for (int p = 0; p < block.pixels; ++p) {
        const T* number = reinterpret_cast<const T*>(x + block.at[p]);
        for (int r = 0; r < L; ++r, ++number) {
            const auto& filters = block.of[p * L + r];
#pragma GCC unroll 32
            for (int c = 0; c < Channels; ++c) {
                const T a = number[c * plane * L];
#pragma GCC unroll 4
                for (int v = 0; v < Vectors; ++v)
                    sum[c][v] = filters[v] * a + sum[c][v];
            }
        }
    }
#pragma GCC unroll 32
    for (int c = 0; c < Channels; ++c)
#pragma GCC unroll 4
        for (int v = 0; v < Vectors; ++v) {
            T* const to = dw + c * F + v * L;
            const E part = sum[c][v];
            (overwrite ? part : E::load(to) + part).store(to);
        }
}

/// Whether it pays: the filters fill vectors, and each number that is transposed meets enough channels.
[[nodiscard]] constexpr bool pointwise_gradient_pays(int lanes, int channels, int filters) noexcept {
    return lanes > 1 && filters % lanes == 0 && channels >= 16;
}

/// Adds to dw and db, or overwrites them. x: C,H,W; dz: F,H',W'; dw: C,F; db: F, or `NoBias`.
template <class X, class DZ, class K, class T, class DB>
inline void pointwise_parameter_gradient(X x, DZ dz, T* dw, DB db, K, bool overwrite) noexcept {
    has_effects();
    using XL = typename X::layout;
    using ZL = typename DZ::layout;
    constexpr int L = native_lanes<T>, C = XL::channels, F = ZL::channels, W = ZL::width,
                  pixels = ZL::height * W;
    constexpr int channels = pointwise_tile(C, F / L).rows, columns = pointwise_tile(C, F / L).columns;
    cover<F / L, columns>([&](int v0, auto vectors) {
        const int o0 = v0 * L;
        typename pack<T>::vector biases[std::size_t{vectors}] = {};
        for (int first = 0; first < pixels;) {
            PixelBlock<T, vectors> block;
            for (int n = first; n < pixels && block.pixels < block.most; ++n)
                block.add(dz.data() + ZL::at(o0, n / W, n % W), ZL::plane,
                          XL::at(0, n / W * K::row_stride, n % W * K::column_stride), biases);
            cover<C, channels>([&](int c0, auto c) {
                pointwise_weights<c>(block, x.data() + std::ptrdiff_t{c0} * XL::plane, XL::plane,
                                     dw + std::ptrdiff_t{c0} * F + o0, F, overwrite && first == 0);
            });
            first += block.pixels;
        }
        for (int o = 0; o < vectors * L; ++o)
            accumulate_bias(db, o0 + o, pack<T>(biases[o / L])[o % L], overwrite);
    });
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
