// Convolutions by Winograd's algorithm (winograd.hpp): forward, with max pooling, and the gradient of the
// input.
#pragma once

#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/winograd.hpp>
#include <lamina/kernels/winograd_gradient.hpp>
#include <lamina/shape.hpp>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::winograd {

/// The parts of a convolution that it computes.
struct Parts {
    bool forward = false, input_gradient = false, parameter_gradient = false;

    [[nodiscard]] constexpr bool none() const noexcept {
        return !forward && !input_gradient && !parameter_gradient;
    }
};
/// Those that then take less time, of a pack of images `in` and results `out`, by an eighth at least. In
/// multiply-adds: a transform takes about 150 of a tile's channel, which is as long as 225 of the products,
/// whose operands are in registers; inputs are transformed for each block of filters, weights for each pack,
/// for the gradient of the input from weights that lie far apart. The gradient of the weights transposes
/// filters to lanes, of which some can be idle.
[[nodiscard]] constexpr Parts parts_that_pay(const dims& in, const dims& out) noexcept {
    constexpr int lanes = native_lanes<float>;
    const int C = in.extent[0], F = out.extent[0];
    const long long kernels = 1LL * C * F, direct = 9 * kernels * out.extent[1] * out.extent[2];
    const auto whole = [](int count, int step) { return (count + step - 1LL) / step * step; };
    const auto pays = [&](const dims& tiled, long long of_tile, long long of_weights) {
        return tiled.extent[1] >= edge && tiled.extent[2] >= edge &&
               8 * (of_tile * Tiles{tiled.extent[1], tiled.extent[2]}.count() + of_weights) < 7 * direct;
    };
    const auto of_conv = [&](int from, int to) {
        const int block = filters_of_block(from, to, filters_at_once), blocks = tiles(to, block);
        return blocks * positions * from * whole(block, filters_at_once) + 225LL * (blocks * from + to);
    };
    if (lanes < 4 || C < 8 || F < 8)
        return {};
    return {pays(out, of_conv(C, F), 20 * kernels), pays(in, of_conv(F, C), 90 * kernels),
            pays(out,
                 positions * C * whole(F, lanes) + 300LL * C * tiles(F, filters_of_block(C, F, lanes)) +
                     (lanes < 16 ? 300 : 450) * whole(F, lanes),
                 20 * kernels)};
}

/// The memory of a convolution of C channels to F filters, in vectors of so many lanes and bytes: the
/// transformed weights of a block of filters, then 37 slots for inputs and products.
struct ConvMemory {
    int block;
    std::ptrdiff_t weights, slot, extent;

    constexpr ConvMemory(int C, int F, int lanes, int bytes) noexcept
        : block{filters_of_block(C, F, filters_at_once)},
          weights{positions * weights_apart(filters_at_once, C, block, bytes / lanes) / lanes},
          slot{apart(std::ptrdiff_t{C > block ? C : block} * tiles_at_once, bytes)}, extent{weights +
                                                                                            (positions + 1) *
                                                                                                slot} {}
};

/// A convolution of C channels of x to F filters, a block of filters and two tiles at a time:
///     while (conv.next())
///         conv.results(y);  // of filter conv.o and tile conv.tile, each once
/// The last filters and tiles are computed along with those before.
template <class V>
struct Conv {
    using T = scalar_in<V>;
    Image<V> x;
    int C;
    Weights<T> w;
    int F;
    Tiles all;
    V* memory;
    ConvMemory at{C, F, lanes_in<V>, sizeof(V)};
    int at_once = all.count() < tiles_at_once ? 1 : tiles_at_once; ///< tiles
    // Before the first of them.
    int block = -1, o0 = 0, o = at.block - 1;
    int first = all.count(), start = 0, tile = at_once - 1;

    [[gnu::always_inline]] bool next() noexcept {
        if (++tile < start + at_once)
            return true;
        tile = first;
        return ++o < o0 + at.block || compute_next();
    }
    [[gnu::noinline]] bool compute_next() noexcept {
        T* const weights = reinterpret_cast<T*>(memory);
        first += at_once;
        if (first >= all.count()) {
            if (++block == tiles(F, at.block))
                return false;
            o0 = overlapped(block, at.block, F);
            transform_weights<filters_at_once>(Weights<T>{w.w + o0 * w.filter, w.channel, w.tap, w.filter}, C,
                                               at.block, weights);
            first = 0;
        }
        start = overlapped(first / at_once, at_once, all.count());
        tile = first;
        o = block * at.block;
        V* const room = memory + at.weights;
        transform_inputs(x, C, all, start, at_once, room + at.slot, at.slot);
        if (at_once == 1)
            all_products<filters_at_once, 1>(room, at.slot, weights, C, at.block);
        else
            all_products<filters_at_once, tiles_at_once>(room, at.slot, weights, C, at.block);
        return true;
    }
    [[gnu::always_inline]] void results(V (&y)[4][4]) const noexcept {
        results_of_tile(memory + at.weights + (o - o0) * at_once + (tile - start), at.slot, y);
    }
};

template <class E>
[[nodiscard, gnu::always_inline]] inline auto* as_vectors(E* packs) noexcept {
    using V = typename std::remove_const_t<E>::vector;
    return reinterpret_cast<std::conditional_t<std::is_const_v<E>, const V, V>*>(packs);
}
/// What the windows of a convolution see of x: `before` rows and columns above and left of it.
template <class X>
[[nodiscard, gnu::always_inline]] inline auto image_of(X x, int top, int left, int from, int to) noexcept {
    const auto g = x.geometry();
    using V = std::remove_const_t<std::remove_pointer_t<decltype(as_vectors(x.data()))>>;
    return Image<V>{as_vectors(x.data()) - top * std::ptrdiff_t{g.row} - left, g.plane, g.row, from, to};
}
/// Forward, of x and w of C,3,3,F.
template <class X, class T, class K, class E>
[[nodiscard, gnu::always_inline]] inline auto conv_of(X x, const T* w, int F, Tiles all, K k,
                                                      E* memory) noexcept {
    return Conv<typename E::vector>{image_of(x, k.top, k.left, 0, all.rows + 2),
                                    x.geometry().channels,
                                    {w, std::ptrdiff_t{9} * F, F, 1},
                                    F,
                                    all,
                                    as_vectors(memory)};
}

/// y(o, i, j) = f(b(o) + the sums, o, i, j), of a kernel of 3x3 and strides of 1. x has a halo of the
/// padding.
template <class X, class T, class B, class Y, class K, class E, class Epilogue>
inline void conv(X x, const T* w, B b, Y y, K k, E* memory, Epilogue f) noexcept {
    has_effects();
    using V = typename E::vector;
    const int F = y.geometry().channels;
    const Tiles all{y.geometry().height, y.geometry().width};
    auto conv = conv_of(x, w, F, all, k, memory);
    while (conv.next()) {
        V sums[4][4];
        conv.results(sums);
        const int o = conv.o, tile = conv.tile;
        const E bias = bias_at<E>(b, o);
        const int i0 = all.row(tile), j0 = all.column(tile);
#pragma GCC unroll 4
        for (int i = 0; i < edge; ++i)
#pragma GCC unroll 4
            for (int j = 0; j < edge; ++j)
                y(o, i0 + i, j0 + j) = f(sums[i][j] + bias, o, i0 + i, j0 + j);
    }
}

/// The same and max pooling over windows of 2x2, as `conv_max_pool`.
template <class X, class T, class B, class Y, class K, class Argmax, class E, class Epilogue>
inline void conv_max_pool(X x, const T* w, B b, Y y, K k, Argmax argmax, E* memory, Epilogue f) noexcept {
    has_effects();
    using V = typename E::vector;
    const int F = y.geometry().channels, rows = y.geometry().height, columns = y.geometry().width;
    const Tiles all{2 * rows, 2 * columns};
    auto conv = conv_of(x, w, F, all, k, memory);
    while (conv.next()) {
        V sums[4][4];
        conv.results(sums);
        const int o = conv.o, tile = conv.tile;
        const E bias = bias_at<E>(b, o);
        const int i0 = all.row(tile) / 2, j0 = all.column(tile) / 2;
#pragma GCC unroll 2
        for (int i = 0; i < 2; ++i)
#pragma GCC unroll 2
            for (int j = 0; j < 2; ++j) {
                const E window[4] = {sums[2 * i][2 * j] + bias, sums[2 * i][2 * j + 1] + bias,
                                     sums[2 * i + 1][2 * j] + bias, sums[2 * i + 1][2 * j + 1] + bias};
                E best, which;
                find_max(window, best, which);
                y(o, i0 + i, j0 + j) = f(best, o, i0 + i, j0 + j);
                if constexpr (std::is_pointer_v<Argmax>)
                    argmax[(o * rows + i0 + i) * columns + j0 + j] = which;
            }
    }
}

/// Overwrites dx, or adds to it: the convolution of dz, with a halo of `gradient_halo` columns of zeros, with
/// the kernels turned round.
template <Store How, class DZ, class T, class DX, class K, class E>
inline void conv_input_gradient(DZ dz, const T* w, DX dx, K k, E* memory) noexcept {
    has_effects();
    using V = typename E::vector;
    const int C = dx.geometry().channels, F = dz.geometry().channels, above = 2 - k.top;
    const Tiles all{dx.geometry().height, dx.geometry().width};
    const Weights<T> turned{w + std::ptrdiff_t{8} * F, 1, -std::ptrdiff_t{F}, std::ptrdiff_t{9} * F};
    Conv<V> conv{image_of(dz, above, 2 - k.left, above, above + dz.geometry().height),
                 F,
                 turned,
                 C,
                 all,
                 as_vectors(memory)};
    while (conv.next()) {
        V sums[4][4];
        conv.results(sums);
        const int c = conv.o, tile = conv.tile;
        const int i0 = all.row(tile), j0 = all.column(tile);
        const int had_rows = already_stored<How>(tile / all.across(), edge, all.rows),
                  had_columns = already_stored<How>(tile % all.across(), edge, all.columns);
#pragma GCC unroll 4
        for (int i = 0; i < edge; ++i)
#pragma GCC unroll 4
            for (int j = 0; j < edge; ++j)
                if (i >= had_rows && j >= had_columns)
                    store<How>(dx(c, i0 + i, j0 + j), E(sums[i][j]));
    }
}

/// Adds to dw and db, or overwrites them. x: C,H,W with a halo of the padding; dz: F,H',W'; dw: C,3,3,F; db:
/// F, or `NoBias`. Waits for its turn before.
template <class X, class DZ, class T, class DB, class K, class E, class Turn>
inline void conv_parameter_gradient(X x, DZ dz, T* dw, DB db, K k, bool overwrite, E* memory,
                                    Turn turn) noexcept {
    const int C = x.geometry().channels, F = dz.geometry().channels;
    const auto g = dz.geometry();
    const Tiles all{g.height, g.width};
    const GradientMemory at(C, F, lanes_of<E>, sizeof(E));
    for (int o0 = 0; o0 < F; o0 += at.vectors * lanes_of<E>) {
        gradient_products(image_of(x, k.top, k.left, 0, all.rows + 2), C,
                          as_vectors(dz.data()) + o0 * std::ptrdiff_t{g.plane}, g.plane, g.row, F - o0, all,
                          as_vectors(memory), at);
        if (o0 == 0) // the others compute in it: there is no memory for all blocks
            turn.wait();
        finish_gradient(as_vectors(memory), at, C, F, o0, dw, db, overwrite);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
