// Dense layers with run-time extents, on packs:
//     y(o)     = b(o) + sum over i of w(o, i) x(i)          dx(i) = sum over o of w(o, i) dz(o)
//     dw(o, i) += dz(o) x(i)
// The first two are one kernel: sums over one axis of a matrix, of which the other one fills the tile.
#pragma once

#include <lamina/dynamic/view.hpp>
#include <lamina/ieee.hpp>
#include <lamina/indices.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>

#include <array>
#include <cstddef>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::dynamic {

/// `Tile` results: the r-th is b(r) plus the sum over k of w[r * to_result + k * to_term] * x(k).
/// `NextIsOne` says which of the two distances is 1: to the next result (true) or to the next term.
template <int Tile, bool NextIsOne>
void dense_sums(const pack<float>* x, const float* w, std::ptrdiff_t distance, const float* b, pack<float>* y,
                int terms) noexcept {
    kernels::has_effects();
    const std::ptrdiff_t to_result = NextIsOne ? 1 : distance, to_term = NextIsOne ? distance : 1;
    pack<float> sum[std::size_t{Tile}];
#pragma GCC unroll 32
    for (int r = 0; r < Tile; ++r)
        if (b != nullptr)
            sum[r] = b[r];
        else
            sum[r] = 0.0F;
    for (int k = 0; k < terms; ++k, w += to_term) {
        const pack<float> in = x[k];
#pragma GCC unroll 32
        for (int r = 0; r < Tile; ++r)
            add_product(sum[r], in, w[r * to_result]);
    }
#pragma GCC unroll 32
    for (int r = 0; r < Tile; ++r)
        y[r] = sum[r];
}

/// All `results`, a tile at a time.
template <bool NextIsOne>
void dense_all_sums(const pack<float>* x, const float* w, std::ptrdiff_t distance, const float* b,
                    pack<float>* y, int results, int terms, int tile) noexcept {
    kernels::has_effects();
    constexpr int largest = vector_registers >= 32 ? 24 : 12;
    static constexpr auto kernel =
        with_indices<largest>([](auto... i) { return std::array{&dense_sums<i + 1, NextIsOne>...}; });
    for (int t = 0; t < kernels::tiles(results, tile); ++t) {
        const int r = kernels::overlapped(t, tile, results);
        kernel[static_cast<std::size_t>(tile - 1)](x, w + (NextIsOne ? r : r * distance), distance,
                                                   b != nullptr ? b + r : nullptr, y + r, terms);
    }
}

/// Two vectors of inputs, of each sample of a pack: blocks of x transposed.
struct InputBlock {
    static constexpr int lanes = native_lanes<float>, extent = 2 * lanes;
    pack<float>::vector of[static_cast<std::size_t>(lanes)][2];

    /// `count` inputs, at most `extent`; zeros beyond.
    void load(const pack<float>* x, int count) noexcept {
#pragma GCC unroll 2
        for (int k = 0; k < 2; ++k) {
            pack<float>::vector rows[static_cast<std::size_t>(lanes)];
            for (int r = 0; r < lanes; ++r)
                rows[r] = kernels::vector_or_zero(x, k * lanes + r, count);
            kernels::transpose<lanes>(rows);
            for (int r = 0; r < lanes; ++r)
                of[r][k] = rows[r];
        }
    }
};

/// Rows `first` and on of a tile of `Outputs` rows of dw, over one block of inputs: lanes are inputs, so that
/// samples are summed by FMAs.
template <int Outputs>
void dense_weight_tile(const InputBlock& x, int count, const pack<float>* dz, float* dw,
                       std::ptrdiff_t inputs, int first, bool overwrite) noexcept {
    kernels::has_effects();
    constexpr int L = InputBlock::lanes;
    pack<float>::vector sum[std::size_t{Outputs}][2];
#pragma GCC unroll 32
    for (int o = 0; o < Outputs; ++o)
        sum[o][0] = sum[o][1] = pack<float>::vector{};
    for (int s = 0; s < L; ++s) {
#pragma GCC unroll 32
        for (int o = 0; o < Outputs; ++o) {
            const float g = reinterpret_cast<const float*>(dz + o)[s];
            sum[o][0] = x.of[s][0] * g + sum[o][0];
            sum[o][1] = x.of[s][1] * g + sum[o][1];
        }
    }
#pragma GCC unroll 32
    for (int o = 0; o < Outputs; ++o) {
        if (o < first)
            continue;
        float* row = dw + o * inputs;
        if (count == InputBlock::extent) {
#pragma GCC unroll 2
            for (int k = 0; k < 2; ++k) {
                const pack<float> part = sum[o][k];
                (overwrite ? part : pack<float>::load(row + k * L) + part).store(row + k * L);
            }
        } else {
            float parts[static_cast<std::size_t>(InputBlock::extent)];
            pack<float>(sum[o][0]).store(parts);
            pack<float>(sum[o][1]).store(parts + L);
            for (int i = 0; i < count; ++i)
                kernels::accumulate(row[i], parts[i], overwrite);
        }
    }
}

/// dw: outputs,inputs.
inline void dense_weight_gradient(const pack<float>* x, const pack<float>* dz, float* dw, int outputs,
                                  int inputs, bool overwrite) noexcept {
    kernels::has_effects();
    constexpr int largest = vector_registers >= 32 ? 8 : 4;
    static constexpr auto kernel =
        with_indices<largest>([](auto... i) { return std::array{&dense_weight_tile<i + 1>...}; });
    const int tile = kernels::best_tile(outputs, 1, largest, 1, 2).rows;
    InputBlock block;
    for (int i = 0; i < inputs; i += InputBlock::extent) {
        const int count = inputs - i < InputBlock::extent ? inputs - i : InputBlock::extent;
        block.load(x + i, count);
        for (int t = 0; t < kernels::tiles(outputs, tile); ++t) {
            const int o = kernels::overlapped(t, tile, outputs);
            kernel[static_cast<std::size_t>(tile - 1)](
                block, count, dz + o, dw + o * std::ptrdiff_t{inputs} + i, inputs, t * tile - o, overwrite);
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::dynamic

LAMINA_END_OPTIMIZED
