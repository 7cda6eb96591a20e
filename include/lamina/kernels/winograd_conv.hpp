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
/// whose operands are in registers; those of weights are made for each pack, for the gradient of the input
/// from weights that lie far apart. The gradient of the weights transposes filters to lanes, of which some
/// can be idle. Transformed weights of more than 2.5 MB would come from memory.
[[nodiscard]] constexpr Parts parts_that_pay(const dims& in, const dims& out) noexcept {
    constexpr int lanes = native_lanes<float>;
    const long long C = in.extent[0], F = out.extent[0], direct = 9 * C * F * out.extent[1] * out.extent[2];
    const auto whole = [](long long count, int step) { return (count + step - 1) / step * step; };
    const auto pays = [&](const dims& tiled, long long of_tile, long long of_weights) {
        return tiled.extent[1] >= edge && tiled.extent[2] >= edge &&
               8 * (of_tile * Tiles{tiled.extent[1], tiled.extent[2]}.count() + of_weights) < 7 * direct;
    };
    if (lanes < 4 || C < 8 || F < 8 || C * F > 128 * 128)
        return {};
    const long long transforms = 225 * (C + F), filters = whole(F, lanes);
    return {pays(out, positions * C * whole(F, filters_at_once) + transforms, 20 * C * F),
            pays(in, positions * F * whole(C, filters_at_once) + transforms, 90 * C * F),
            pays(out, positions * C * filters + 300 * C + (lanes < 16 ? 300 : 450) * filters, 20 * C * F)};
}

/// The memory of a convolution, in vectors of so many lanes and bytes: transformed weights, then 37 slots for
/// inputs and products.
struct ConvMemory {
    std::ptrdiff_t weights, slot, extent;

    constexpr ConvMemory(int C, int F, int lanes, int bytes) noexcept
        : weights{positions * weights_apart(filters_at_once, C, F, bytes / lanes) / lanes},
          slot{apart(std::ptrdiff_t{C > F ? C : F} * tiles_at_once, bytes)}, extent{weights +
                                                                                    (positions + 1) * slot} {}
};

/// A convolution of C channels of x to F filters, two tiles at a time: transforms the weights at once. Then
///     for (int first = 0; first < all.count(); first += conv.at_once) {
///         conv.compute(first);
///         conv.result(f, tile, y)  // of each filter, and each tile from `first` to `conv.end(first)`
template <class V>
struct Conv {
    using T = scalar_in<V>;
    Image<V> x;
    int C, F;
    Tiles all;
    ConvMemory at;
    T* weights;
    V* room;
    int at_once; ///< tiles

    [[gnu::always_inline]] Conv(Image<V> x_, int C_, const Weights<T>& w, int F_, Tiles all_,
                                V* memory) noexcept
        : x{x_}, C{C_}, F{F_}, all{all_}, at{C_, F_, lanes_in<V>, sizeof(V)}, weights{reinterpret_cast<T*>(
                                                                                  memory)},
          room{memory + at.weights}, at_once{all.count() < tiles_at_once ? 1 : tiles_at_once} {
        transform_weights<filters_at_once>(w, C, F, weights);
    }
    /// The first of the tiles that are computed together with tile `first`: the last ones overlap those
    /// before.
    [[nodiscard]] int start(int first) const noexcept {
        return overlapped(first / at_once, at_once, all.count());
    }
    [[nodiscard]] int end(int first) const noexcept { return start(first) + at_once; }

    [[gnu::always_inline]] void compute(int first) const noexcept {
        transform_inputs(x, C, all, start(first), at_once, room + at.slot, at.slot);
        if (at_once == 1)
            all_products<filters_at_once, 1>(room, at.slot, weights, C, F);
        else
            all_products<filters_at_once, tiles_at_once>(room, at.slot, weights, C, F);
    }
    [[gnu::always_inline]] void result(int f, int tile, int first, V (&y)[4][4]) const noexcept {
        results_of_tile(room + f * at_once + (tile - start(first)), at.slot, y);
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
/// w of C,3,3,F.
template <class T>
[[nodiscard]] constexpr Weights<T> weights_of(const T* w, int F) noexcept {
    return {w, std::ptrdiff_t{9} * F, F, 1};
}

/// y(o, i, j) = f(b(o) + the sums, o, i, j), of a kernel of 3x3 and strides of 1. x has a halo of the
/// padding.
template <class X, class T, class B, class Y, class K, class E, class Epilogue>
inline void conv(X x, const T* w, B b, Y y, K k, E* memory, Epilogue f) noexcept {
    has_effects();
    const int F = y.geometry().channels;
    const Tiles all{y.geometry().height, y.geometry().width};
    const Conv conv{image_of(x, k.top, k.left, 0, all.rows + 2),
                    x.geometry().channels,
                    weights_of(w, F),
                    F,
                    all,
                    as_vectors(memory)};
    for (int first = 0; first < all.count(); first += conv.at_once) {
        conv.compute(first);
        for (int o = 0; o < F; ++o) {
            const E bias = bias_at<E>(b, o);
            for (int n = first; n < conv.end(first); ++n) {
                typename E::vector tile[4][4];
                conv.result(o, n, first, tile);
                const int i0 = all.row(n), j0 = all.column(n);
#pragma GCC unroll 4
                for (int i = 0; i < edge; ++i)
#pragma GCC unroll 4
                    for (int j = 0; j < edge; ++j)
                        y(o, i0 + i, j0 + j) = f(tile[i][j] + bias, o, i0 + i, j0 + j);
            }
        }
    }
}

/// The same and max pooling over windows of 2x2, as `conv_max_pool`.
template <class X, class T, class B, class Y, class K, class Argmax, class E, class Epilogue>
inline void conv_max_pool(X x, const T* w, B b, Y y, K k, Argmax argmax, E* memory, Epilogue f) noexcept {
    has_effects();
    const int F = y.geometry().channels, rows = y.geometry().height, columns = y.geometry().width;
    const Tiles all{2 * rows, 2 * columns};
    const Conv conv{image_of(x, k.top, k.left, 0, all.rows + 2),
                    x.geometry().channels,
                    weights_of(w, F),
                    F,
                    all,
                    as_vectors(memory)};
    for (int first = 0; first < all.count(); first += conv.at_once) {
        conv.compute(first);
        for (int o = 0; o < F; ++o) {
            const E bias = bias_at<E>(b, o);
            for (int n = first; n < conv.end(first); ++n) {
                typename E::vector tile[4][4];
                conv.result(o, n, first, tile);
                const int i0 = all.row(n) / 2, j0 = all.column(n) / 2;
#pragma GCC unroll 2
                for (int i = 0; i < 2; ++i)
#pragma GCC unroll 2
                    for (int j = 0; j < 2; ++j) {
                        const E window[4] = {tile[2 * i][2 * j] + bias, tile[2 * i][2 * j + 1] + bias,
                                             tile[2 * i + 1][2 * j] + bias,
                                             tile[2 * i + 1][2 * j + 1] + bias};
                        E best, which;
                        find_max(window, best, which);
                        y(o, i0 + i, j0 + j) = f(best, o, i0 + i, j0 + j);
                        if constexpr (std::is_pointer_v<Argmax>)
                            argmax[(o * rows + i0 + i) * columns + j0 + j] = which;
                    }
            }
        }
    }
}

/// Overwrites dx, or adds to it: the convolution of dz, with a halo of `gradient_halo` columns of zeros, with
/// the kernels turned round.
template <Store How, class DZ, class T, class DX, class K, class E>
inline void conv_input_gradient(DZ dz, const T* w, DX dx, K k, E* memory) noexcept {
    has_effects();
    const int C = dx.geometry().channels, F = dz.geometry().channels, above = 2 - k.top;
    const Tiles all{dx.geometry().height, dx.geometry().width};
    const Weights<T> turned{w + std::ptrdiff_t{8} * F, 1, -std::ptrdiff_t{F}, std::ptrdiff_t{9} * F};
    const Conv conv{image_of(dz, above, 2 - k.left, above, above + dz.geometry().height),
                    F,
                    turned,
                    C,
                    all,
                    as_vectors(memory)};
    for (int first = 0; first < all.count(); first += conv.at_once) {
        conv.compute(first);
        for (int c = 0; c < C; ++c) {
            for (int n = first; n < conv.end(first); ++n) {
                typename E::vector tile[4][4];
                conv.result(c, n, first, tile);
                const int i0 = all.row(n), j0 = all.column(n);
                const int had_rows = already_stored<How>(n / all.across(), edge, all.rows),
                          had_columns = already_stored<How>(n % all.across(), edge, all.columns);
#pragma GCC unroll 4
                for (int i = 0; i < edge; ++i)
#pragma GCC unroll 4
                    for (int j = 0; j < edge; ++j)
                        if (i >= had_rows && j >= had_columns)
                            store<How>(dx(c, i0 + i, j0 + j), E(tile[i][j]));
            }
        }
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
    gradient_products(image_of(x, k.top, k.left, 0, all.rows + 2), C, as_vectors(dz.data()), g.plane, g.row,
                      F, all, as_vectors(memory));
    turn.wait();
    finish_gradient(as_vectors(memory), C, F, dw, db, overwrite);
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
