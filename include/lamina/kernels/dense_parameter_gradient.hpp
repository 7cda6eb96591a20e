// Dense, the gradients of the parameters:
//     dw(o, i) += dz(o) x(i)      db(o) += dz(o)
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/pack.hpp>
#include <lamina/tensor.hpp>

#include <cstddef>
#include <type_traits>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// Adds to dw and db, or overwrites them. The plain form, for scalars.
template <class X, class DZ, class T, class DB>
constexpr void dense_parameter_gradient(X x, DZ dz, T* dw, DB db, bool overwrite) noexcept {
    has_effects();
    using E = typename DZ::element;
    const int O = dz.size, I = x.size;
    const auto rows = [&](auto once) __attribute__((always_inline)) { // a constant, not asked for each
        for (int o = 0; o < O; ++o) {
            const E g = dz.data()[o];
            accumulate_bias(db, o, lane_sum(g), once);
            for (int i = 0; i < I; ++i)
                accumulate(dw[std::ptrdiff_t{o} * I + i], lane_sum(E(g * x.data()[i])), once);
        }
    };
    overwrite ? rows(std::true_type{}) : rows(std::false_type{});
}

/// The most vectors of a row in a tile of dw, and those of a block of inputs: a few lines of each row at a
/// time, and then the lines after them, because rows that lie a multiple of 4 KiB apart share cache sets.
inline constexpr int dense_columns = vector_registers >= 32   ? 4
                                     : vector_registers >= 16 ? 3
                                                              : 1,
                     dense_block = vector_registers >= 32 ? 16 : 24;

/// The rows of a tile of so many columns, shared out evenly.
[[nodiscard]] constexpr int dense_rows(int outputs, int columns, int most) noexcept {
    const int sums = vector_registers >= 32 ? 20 : most_sums, fit = sums / columns;
    return tiles(outputs, tiles(outputs, fit < most ? fit : most));
}
/// The columns of a tile: two, where with more of them the last rows would be computed twice more often.
[[nodiscard]] constexpr int columns_of_tile(int outputs, int vectors, int most) noexcept {
    if (vectors <= dense_columns)
        return vectors;
    const int rows = dense_rows(outputs, dense_columns, most), of_two = dense_rows(outputs, 2, most);
    return tiles(outputs, of_two) * of_two < tiles(outputs, rows) * rows ? 2 : dense_columns;
}

/// `Vectors` vectors of inputs of each sample of a pack: x transposed.
template <class T, int Vectors>
struct InputBlock {
    static constexpr int lanes = native_lanes<T>, extent = Vectors * lanes;
    typename pack<T>::vector of[static_cast<std::size_t>(lanes)][static_cast<std::size_t>(Vectors)];

    /// `count` inputs, at most `extent`; zeros up to a whole vector.
    [[gnu::always_inline]] void load(const pack<T>* x, int count) noexcept {
        for (int k = 0; k * lanes < count; ++k) {
            typename pack<T>::vector rows[static_cast<std::size_t>(lanes)];
            for (int r = 0; r < lanes; ++r)
                rows[r] = vector_or_zero(x, k * lanes + r, count);
            transpose<lanes>(rows);
            for (int r = 0; r < lanes; ++r)
                of[r][k] = rows[r];
        }
    }
};

/// `Tile` rows of dw, I numbers apart, over the vectors of a block from number `first` on, `Vectors` at a
/// time as long as there are so many; without the rows that the tile before has had. The block has so many
/// inputs; dw: of the first of them.
template <int Tile, int Vectors, class T, int Extent>
[[gnu::always_inline]] inline void dense_weights_rows(const InputBlock<T, Extent>& block, int inputs,
                                                      int first, const pack<T>* dz, T* dw, int I, int had,
                                                      bool overwrite) noexcept {
    has_effects();
    constexpr int L = native_lanes<T>;
    for (; first + Vectors <= tiles(inputs, L); first += Vectors) {
        typename pack<T>::vector sum[std::size_t{Tile}][std::size_t{Vectors}]{};
        for (int s = 0; s < L; ++s) {
#pragma GCC unroll 32
            for (int o = 0; o < Tile; ++o) {
                const T g = reinterpret_cast<const T*>(dz + o)[s];
#pragma GCC unroll 4
                for (int k = 0; k < Vectors; ++k)
                    sum[o][k] = block.of[s][first + k] * g + sum[o][k];
            }
        }
#pragma GCC unroll 32
        for (int o = 0; o < Tile; ++o) {
            if (o < had)
                continue;
            T* const to = dw + std::ptrdiff_t{o} * I + first * L;
            if (inputs >= (first + Vectors) * L) {
#pragma GCC unroll 4
                for (int k = 0; k < Vectors; ++k) {
                    const pack<T> part = sum[o][k];
                    (overwrite ? part : pack<T>::load(to + k * L) + part).store(to + k * L);
                }
            } else {
                T parts[std::size_t{Vectors * L}];
#pragma GCC unroll 4
                for (int k = 0; k < Vectors; ++k)
                    pack<T>(sum[o][k]).store(parts + k * L);
                for (int i = 0; i < inputs - first * L; ++i)
                    accumulate(to[i], parts[i], overwrite);
            }
        }
    }
}

template <class T>
using FullBlock = InputBlock<T, dense_block>;
template <class T>
inline constexpr auto dense_weights_table = tile_table<
    5, dense_columns, void(const FullBlock<T>&, int, int, const pack<T>*, T*, int, int, bool) noexcept>(
    []<int Rows, int Columns>() {
        return +[](const FullBlock<T>& block, int inputs, int first, const pack<T>* dz, T* dw, int I, int had,
                   bool overwrite) noexcept {
            dense_weights_rows<Rows, Columns>(block, inputs, first, dz, dw, I, had, overwrite);
        };
    });

/// How many vectors of a view a block has.
template <class X, int Lanes>
inline constexpr int vectors_of_block = dense_block;
template <ConstantExtents X, int Lanes>
inline constexpr int vectors_of_block<X, Lanes> = tiles(X::size, Lanes) < dense_block ? tiles(X::size, Lanes)
                                                                                      : dense_block;

/// The same for packs. A sum over lanes for each weight would cost more than everything else. Blocks of x are
/// therefore transposed: then lanes are inputs, a row of dw is a vector, and FMAs sum over the samples.
template <class X, class DZ, class T, class DB>
    requires(lanes_of<typename DZ::element> > 1)
inline void dense_parameter_gradient(X x, DZ dz, T* dw, DB db, bool overwrite) noexcept {
    has_effects();
    constexpr int L = lanes_of<typename DZ::element>, most = ConstantExtents<DZ> ? 20 : 5;
    const int O = dz.size, I = x.size, columns = columns_of_tile(O, tiles(I, L), most),
              rest = tiles(I, L) % columns, tile = dense_rows(O, columns, most);
    for (int o = 0; o < O; ++o)
        accumulate_bias(db, o, lane_sum(pack<T>(dz.data()[o])), overwrite);
    InputBlock<T, vectors_of_block<X, L>> block;
    for (int i0 = 0; i0 < I; i0 += block.extent) {
        const int inputs = I - i0 < block.extent ? I - i0 : block.extent;
        block.load(x.data() + i0, inputs);
        for (int t = 0; t < tiles(O, tile); ++t) {
            const int o0 = overlapped(t, tile, O), had = t * tile - o0;
            T* const to = dw + std::ptrdiff_t{o0} * I + i0;
            if constexpr (ConstantExtents<DZ>) {
                dense_weights_rows<tile, columns>(block, inputs, 0, dz.data() + o0, to, I, had, overwrite);
                if constexpr (rest > 0)
                    dense_weights_rows<tile, rest>(block, inputs, tiles(inputs, L) / columns * columns,
                                                   dz.data() + o0, to, I, had, overwrite);
            } else {
                dense_weights_table<T>[{tile, columns}](block, inputs, 0, dz.data() + o0, to, I, had,
                                                        overwrite);
                if (rest > 0)
                    dense_weights_table<T>[{tile, rest}](block, inputs, tiles(inputs, L) / columns * columns,
                                                         dz.data() + o0, to, I, had, overwrite);
            }
        }
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
