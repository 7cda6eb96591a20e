// The gradient of the weights by Winograd's algorithm, the exact adjoint of the forward one (winograd.hpp):
//     dg = G^T [sum over tiles and samples of (A dy A^T) * (B^T x B)] G,      * element by element,
// with dy a tile of 4x4 gradients of the results. The gradients are transposed first, so that filters are in
// lanes: then samples and tiles are what is summed over, and no sum over lanes is left.
#pragma once

#include <lamina/kernels/bias.hpp>
#include <lamina/kernels/transpose.hpp>
#include <lamina/kernels/winograd.hpp>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels::winograd {

/// A y.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void from_results(const V (&y)[4], V (&m)[6]) noexcept {
    const V even_a = y[2] * T(0.5) + y[0], odd_a = y[3] * a3<T> + y[1] * a<T>;
    const V even_b = y[2] * T(2) + y[0], odd_b = y[3] * b3<T> + y[1] * b<T>;
    m[0] = y[0];
    m[1] = even_a + odd_a;
    m[2] = even_a - odd_a;
    m[3] = even_b + odd_b;
    m[4] = even_b - odd_b;
    m[5] = y[3];
}
/// G^T u.
template <class V, class T = scalar_in<V>>
[[gnu::always_inline]] inline void to_weights(const V (&u)[6], V (&g)[3]) noexcept {
    const V even_a = (u[1] + u[2]) * of_a<T>, odd_a = u[1] - u[2];
    const V even_b = (u[3] + u[4]) * of_b<T>, odd_b = u[3] - u[4];
    g[0] = u[0] + even_a + even_b;
    g[1] = odd_b * (of_b<T> * b<T>)+odd_a * (of_a<T> * a<T>);
    g[2] = even_b * T(2) + (even_a * T(0.5) + u[5]);
}

/// Where the parts of a gradient's memory begin: B^T x B and A dy A^T of two tiles, their products, and the
/// gradient of the biases. In vectors of so many lanes and bytes.
struct GradientMemory {
    int vectors; ///< of a block of filters
    std::ptrdiff_t x_slot, y_slot, position, y, product, bias, extent;

    constexpr GradientMemory(int C, int F, int lanes, int bytes) noexcept
        : vectors{tiles(filters_of_block(C, F, lanes), lanes)}, x_slot{apart(std::ptrdiff_t{C} *
                                                                                 tiles_at_once,
                                                                             bytes)},
          y_slot{apart(std::ptrdiff_t{tiles_at_once} * lanes * vectors, bytes)},
          position{apart(std::ptrdiff_t{C} * vectors, bytes)}, y{positions * x_slot},
          product{y + positions * y_slot}, bias{product + positions * position}, extent{bias + vectors} {}
};

/// A dy A^T of a tile, of one vector of filters, of all samples; dy is zero in the first rows and columns,
/// which another tile has had. Adds dy to `bias`.
template <class V>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void
transform_gradients(const V* dy, std::ptrdiff_t plane, std::ptrdiff_t row, int filters, int had_rows,
                    int had_columns, V* to, std::ptrdiff_t slot, int step, V* bias) noexcept {
    constexpr int L = lanes_in<V>;
    V of_filters[16][std::size_t{L}], sum = *bias;
    for (int p = 0; p < 16; ++p) {
        V rows[std::size_t{L}];
        const bool counts = p / 4 >= had_rows && p % 4 >= had_columns;
#pragma GCC unroll 16
        for (int k = 0; k < L; ++k)
            if (counts && k < filters)
                rows[k] = dy[k * plane + p / 4 * row + p % 4];
            else
                rows[k] = V{};
        transpose<L>(rows);
#pragma GCC unroll 16
        for (int k = 0; k < L; ++k)
            of_filters[p][k] = rows[k];
    }
    for (int k = 0; k < L; ++k, to += step) {
        V rows[6][4];
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) {
            V column[4], r[6];
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i) {
                column[i] = of_filters[i * 4 + j][k];
                sum += column[i];
            }
            from_results(column, r);
#pragma GCC unroll 6
            for (int i = 0; i < 6; ++i)
                rows[i][j] = r[i];
        }
#pragma GCC unroll 6
        for (int i = 0; i < 6; ++i) {
            V r[6];
            from_results(rows[i], r);
#pragma GCC unroll 6
            for (int j = 0; j < 6; ++j)
                to[(i * 6 + j) * slot] = r[j];
        }
    }
    *bias = sum;
}

/// Adds to u(c, q), of R channels and Q vectors of filters, the sums over k of x(c, k) y(k, q).
template <int R, int Q, class V, class T>
[[gnu::always_inline]] inline void add_products(const T* x, int x_channel, const V* y, int y_step, V* u,
                                                int u_step, int count, int had) noexcept {
    V sum[std::size_t{R}][std::size_t{Q}];
#pragma GCC unroll 32
    for (int c = 0; c < R; ++c)
#pragma GCC unroll 32
        for (int q = 0; q < Q; ++q)
            sum[c][q] = u[c * u_step + q];
    for (int k = 0; k < count; ++k, y += y_step, ++x) {
        V own[std::size_t{Q}];
#pragma GCC unroll 32
        for (int q = 0; q < Q; ++q)
            own[q] = y[q];
#pragma GCC unroll 32
        for (int c = 0; c < R; ++c)
#pragma GCC unroll 32
            for (int q = 0; q < Q; ++q)
                sum[c][q] = own[q] * x[c * x_channel] + sum[c][q];
    }
#pragma GCC unroll 32
    for (int c = 0; c < R; ++c)
#pragma GCC unroll 32
        for (int q = 0; q < Q; ++q)
            if (c >= had)
                u[c * u_step + q] = sum[c][q];
}
/// Of all channels, and `Q` vectors of filters from q on.
template <int R, int Q, class V>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void add_all_products(V* memory, const GradientMemory& at, int C, int q,
                                                           int tiles_of_block) noexcept {
    using T = scalar_in<V>;
    const int x_channel = tiles_of_block * lanes_in<V>;
    for (int e = 0; e < positions; ++e) {
        const T* const x = reinterpret_cast<const T*>(memory + e * at.x_slot);
        const V* const y = memory + at.y + e * at.y_slot + q;
        V* const u = memory + at.product + e * at.position + q;
        for (int t = 0; t < tiles(C, R); ++t) {
            const int c = overlapped(t, R, C);
            add_products<R, Q>(x + c * x_channel, x_channel, y, at.vectors, u + c * at.vectors, at.vectors,
                               tiles_of_block * lanes_in<V>, already_stored<Store::add>(t, R, C));
        }
    }
}

/// The products of a pack of samples, of a block of filters. x: C planes with a halo of the padding; dy: the
/// planes of the block and of `filters` in all.
template <class V>
void gradient_products(Image<V> x, int C, const V* dy, std::ptrdiff_t dy_plane, std::ptrdiff_t dy_row,
                       int filters, Tiles all, V* memory, const GradientMemory& at) noexcept {
    has_effects();
    constexpr int L = lanes_in<V>;
    const int vectors = tiles(filters, L) < at.vectors ? tiles(filters, L) : at.vectors;
    for (std::ptrdiff_t i = at.product; i < at.extent; ++i)
        memory[i] = V{};
    for (int first = 0; first < all.count(); first += tiles_at_once) {
        const int count = all.count() - first < tiles_at_once ? 1 : tiles_at_once;
        transform_inputs(x, C, all, first, count, memory, at.x_slot);
        for (int s = 0; s < count; ++s) {
            const int tile = first + s, i = all.row(tile), j = all.column(tile);
            for (int q = 0; q < vectors; ++q)
                transform_gradients(dy + q * L * dy_plane + i * dy_row + j, dy_plane, dy_row, filters - q * L,
                                    tile / all.across() * edge - i, tile % all.across() * edge - j,
                                    memory + at.y + s * L * at.vectors + q, at.y_slot, at.vectors,
                                    memory + at.bias + q);
        }
        int q = 0;
        if constexpr (vector_registers >= 32)
            for (; q + 4 <= vectors; q += 4)
                add_all_products<4, 4>(memory, at, C, q, count);
        for (; q + 2 <= vectors; q += 2)
            add_all_products<vector_registers >= 32 ? 8 : 6, 2>(memory, at, C, q, count);
        if (q < vectors)
            add_all_products<8, 1>(memory, at, C, q, count);
    }
}

/// Adds what they are the products of to dw, C,3,3,F, and db, or overwrites them: to filters o0 and
/// following.
template <class V, class T, class DB>
LAMINA_WHOLE_PACKS [[gnu::noinline]] void finish_gradient(const V* memory, const GradientMemory& at, int C,
                                                          int F, int o0, T* dw, DB db,
                                                          bool overwrite) noexcept {
    constexpr int L = lanes_in<V>;
    for (int q = 0; q < at.vectors && o0 + q * L < F; ++q) {
        const int from = o0 + q * L, count = F - from < L ? F - from : L;
        const auto put = [&](const V& v, T* to) __attribute__((always_inline)) {
            for (int k = 0; k < count; ++k)
                accumulate(to[k], v[k], overwrite);
        };
        for (int c = 0; c < C; ++c) {
            const V* const u = memory + at.product + c * at.vectors + q;
            V rows[3][6];
#pragma GCC unroll 6
            for (int j = 0; j < 6; ++j) {
                V column[6], g[3];
#pragma GCC unroll 6
                for (int i = 0; i < 6; ++i)
                    column[i] = u[(i * 6 + j) * at.position];
                to_weights(column, g);
#pragma GCC unroll 3
                for (int i = 0; i < 3; ++i)
                    rows[i][j] = g[i];
            }
#pragma GCC unroll 3
            for (int i = 0; i < 3; ++i) {
                V g[3];
                to_weights(rows[i], g);
#pragma GCC unroll 3
                for (int j = 0; j < 3; ++j)
                    put(g[j], dw + (c * 9 + i * 3 + j) * std::ptrdiff_t{F} + from);
            }
        }
        if constexpr (!std::is_same_v<DB, NoBias>)
            put(memory[at.bias + q], db + from);
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels::winograd

LAMINA_END_OPTIMIZED
