// Recurrent layers backward: first through time, which leaves the gradients of all sums where forward had
// kept the gates; from these follow the gradients of the input and of the parameters.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/effects.hpp>
#include <lamina/kernels/recurrent.hpp>
#include <lamina/kernels/tile.hpp>
#include <lamina/pack.hpp>

#include <cstddef>
#include <utility>

LAMINA_BEGIN_OPTIMIZED

namespace lamina::inline LAMINA_ABI::kernels {

/// The gradients of `Rows` values in each of `Steps` steps, through weights of `units` columns a gate:
///     sum[r][s] = sum over g, u of  w(r, g units + u) d(s, Into[g] units + u)
template <int Rows, int Steps, class E, class T, int... Into>
[[gnu::always_inline]] constexpr void sums_through_gates(const T* w, const E* d, std::ptrdiff_t to_next,
                                                         int units,
                                                         E (&sum)[std::size_t{Rows}][std::size_t{Steps}],
                                                         std::integer_sequence<int, Into...>) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
    const std::ptrdiff_t row = std::ptrdiff_t{gates} * units;
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
        for (int s = 0; s < Steps; ++s)
            sum[r][s] = E(scalar_of<E>(0));
    for (int g = 0; g < gates; ++g) {
        if (into[g] < 0)
            continue;
        const T* weight = w + g * std::ptrdiff_t{units};
        const E* of_gate = d + into[g] * std::ptrdiff_t{units};
        for (int u = 0; u < units; ++u) {
            E in[std::size_t{Steps}];
#pragma GCC unroll 8
            for (int s = 0; s < Steps; ++s)
                in[s] = of_gate[s * to_next + u];
#pragma GCC unroll 16
            for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 8
                for (int s = 0; s < Steps; ++s)
                    add_product(sum[r][s], in[s], weight[r * row + u]);
        }
    }
}

/// f(k, gradient of what the weights of hidden state k are multiplied by) for all H, from the gradients of
/// the sums of a step.
template <class Into, class E, class T, class F>
[[gnu::always_inline]] constexpr void for_sums_through_hidden(const T* w, const E* of_step, int H,
                                                              F f) noexcept {
    constexpr int tile = vector_registers >= 32 ? 16 : 8;
    const auto through = [&]<int R>(std::integral_constant<int, R>, int k) __attribute__((always_inline)) {
        E sum[std::size_t{R}][1];
        sums_through_gates<R, 1>(w + k * static_cast<std::ptrdiff_t>(Into::size()) * H, of_step, 0, H, sum,
                                 Into{});
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r)
            f(k + r, sum[r][0]);
    };
    int k = 0;
    for (; k + tile <= H; k += tile)
        through(std::integral_constant<int, tile>{}, k);
    for (; k < H; ++k)
        through(std::integral_constant<int, 1>{}, k);
}

/// `saved` becomes the gradients of all sums. `before`: h and c before the first step; or null, if zero.
/// `memory` holds those of h and c after the last step, units each, and receives those before the first; it
/// has room for as many again.
template <class Cell, class X, class Y, class DY, class T>
constexpr void recurrent_back_through_time(X x, Y y, DY dy, const RecurrentWeights<T>& w,
                                           const typename DY::element* before, typename DY::element* memory,
                                           typename DY::element* saved) noexcept {
    has_effects();
    using E = typename DY::element;
    const auto n = recurrent_extents(x, y);
    const int H = n.units;
    const auto ys = y.geometry();
    const auto ds = dy.geometry();
    const std::ptrdiff_t step = Cell::saved * std::ptrdiff_t{H};
    E *dh = memory, *dc = memory + H;
    for (int t = n.steps - 1; t >= 0; --t) {
        E* const of_step = saved + t * step;
        for (int u = 0; u < H; ++u) {
            E keep[std::size_t{Cell::saved}];
#pragma GCC unroll 5
            for (int k = 0; k < Cell::saved; ++k)
                keep[k] = of_step[k * std::ptrdiff_t{H} + u];
            E h = E(scalar_of<E>(0)), c = h;
            if (t > 0) {
                h = y.data()[u * std::ptrdiff_t{ys.plane} + (t - std::ptrdiff_t{1}) * ys.pixel];
                if constexpr (Cell::has_cell_state)
                    c = of_step[Cell::saved_state * std::ptrdiff_t{H} + u - step];
            } else if (before != nullptr) {
                h = before[u];
                c = before[H + u];
            }
            E g = dh[u] + dy.data()[u * std::ptrdiff_t{ds.plane} + std::ptrdiff_t{t} * ds.pixel];
            Cell::backward(keep, h, c, g, dc[u]);
            dh[u] = g;
#pragma GCC unroll 4
            for (int k = 0; k < Cell::sums; ++k)
                of_step[k * std::ptrdiff_t{H} + u] = keep[k];
        }
        if constexpr (ResetsBefore<Cell>)
            for_sums_through_hidden<typename Cell::of_reset>(
                w.hidden, of_step, H, [&](int k, const E& g) __attribute__((always_inline)) {
                    Cell::backward_reset(of_step[k], of_step[Cell::saved_reset * std::ptrdiff_t{H} + k], g,
                                         dh[k]);
                });
        for_sums_through_hidden<typename Cell::of_hidden>(
            w.hidden, of_step, H, [&](int k, const E& g) __attribute__((always_inline)) { dh[k] += g; });
    }
}

/// The gradient of x from those of the sums.
template <class Cell, Store How, class DX, class Y, class T>
constexpr void recurrent_input_gradient(DX dx, Y y, const RecurrentWeights<T>& w,
                                        const typename DX::element* sums) noexcept {
    has_effects();
    using E = typename DX::element;
    const auto n = recurrent_extents(dx, y);
    const auto g = dx.geometry();
    const std::ptrdiff_t step = Cell::saved * std::ptrdiff_t{n.units};
    const auto part = [&]<int R, int S>(std::integral_constant<int, R>, std::integral_constant<int, S>, int c,
                                        int t) __attribute__((always_inline)) {
        E sum[std::size_t{R}][std::size_t{S}];
        sums_through_gates<R, S>(w.input + c * std::ptrdiff_t{Cell::gates} * n.units, sums + t * step, step,
                                 n.units, sum, typename Cell::of_input{});
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
            for (int s = 0; s < S; ++s)
                store<How>(dx.data()[(c + r) * std::ptrdiff_t{g.plane} + (t + s) * std::ptrdiff_t{g.pixel}],
                           sum[r][s]);
    };
    constexpr int tile = 4, wide = vector_registers >= 32 ? 6 : 3;
    const auto rows = [&](auto many, int c) __attribute__((always_inline)) {
        int t = 0;
        for (; t + wide <= n.steps; t += wide)
            part(many, std::integral_constant<int, wide>{}, c, t);
        for (; t < n.steps; ++t)
            part(many, std::integral_constant<int, 1>{}, c, t);
    };
    int c = 0;
    for (; c + tile <= n.inputs; c += tile)
        rows(std::integral_constant<int, tile>{}, c);
    for (; c < n.inputs; ++c)
        rows(std::integral_constant<int, 1>{}, c);
}

/// Adds to dw, or overwrites it:
///     dw(i, g units + u) += sum over t, lanes of  x(i, t) d(t, Into[g] units + u)
/// for the steps from `from` up to `to`. x(i, t) is what it has `lag` steps before t: values are `plane`
/// apart, steps `pixel`. Of step 0 it is `before`, unless that is null.
template <class E, class T, int... Into>
constexpr void gates_weight_gradient(const E* x, std::ptrdiff_t plane, std::ptrdiff_t pixel, int lag,
                                     int inputs, const E* d, std::ptrdiff_t to_next, int units, int from,
                                     int to, T* dw, bool overwrite, std::integer_sequence<int, Into...>,
                                     const E* before = nullptr) noexcept {
    constexpr int gates = sizeof...(Into), into[] = {Into...};
    const auto part = [&]<int R, int S>(std::integral_constant<int, R>, std::integral_constant<int, S>, int i,
                                        int g, int u) __attribute__((always_inline)) {
        E sum[std::size_t{R}][std::size_t{S}];
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
            for (int s = 0; s < S; ++s)
                sum[r][s] = E(scalar_of<E>(0));
        const E* of_gate = d + into[g] * std::ptrdiff_t{units} + u;
        if (before != nullptr)
#pragma GCC unroll 8
            for (int s = 0; s < S; ++s)
#pragma GCC unroll 4
                for (int r = 0; r < R; ++r)
                    add_product(sum[r][s], before[i + r], of_gate[s]);
        for (int t = from; t < to; ++t) {
            E in[std::size_t{R}];
#pragma GCC unroll 4
            for (int r = 0; r < R; ++r)
                in[r] = x[(i + r) * plane + (t - lag) * pixel];
#pragma GCC unroll 8
            for (int s = 0; s < S; ++s) {
                const E grad = of_gate[t * to_next + s];
#pragma GCC unroll 4
                for (int r = 0; r < R; ++r)
                    add_product(sum[r][s], in[r], grad);
            }
        }
#pragma GCC unroll 4
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
            for (int s = 0; s < S; ++s)
                accumulate(dw[((i + r) * std::ptrdiff_t{gates} + g) * units + u + s], lane_sum(sum[r][s]),
                           overwrite);
    };
    constexpr int tile = 4, wide = vector_registers >= 32 ? 6 : 3;
    const auto rows = [&](auto many, int i) __attribute__((always_inline)) {
        for (int g = 0; g < gates; ++g) {
            if (into[g] < 0)
                continue;
            int u = 0;
            for (; u + wide <= units; u += wide)
                part(many, std::integral_constant<int, wide>{}, i, g, u);
            for (; u < units; ++u)
                part(many, std::integral_constant<int, 1>{}, i, g, u);
        }
    };
    int i = 0;
    for (; i + tile <= inputs; i += tile)
        rows(std::integral_constant<int, tile>{}, i);
    for (; i < inputs; ++i)
        rows(std::integral_constant<int, 1>{}, i);
}

/// Where the gradients of a recurrent layer's tensors go.
template <class T>
struct RecurrentGradients {
    T *input, *hidden, *input_bias, *hidden_bias;
};
template <class T>
RecurrentGradients(T*, T*, T*, T*) -> RecurrentGradients<T>;

/// Adds to the gradients of the parameters, or overwrites them. Steps come in blocks, whose gradients of sums
/// then stay in the second cache.
template <class Cell, class X, class Y, class T>
constexpr void recurrent_parameter_gradient(X x, Y y, const typename Y::element* before,
                                            const typename Y::element* sums, const RecurrentGradients<T>& dw,
                                            bool overwrite) noexcept {
    has_effects();
    using E = std::remove_const_t<typename Y::element>;
    const auto n = recurrent_extents(x, y);
    const int H = n.units;
    const auto xs = x.geometry();
    const auto ys = y.geometry();
    const std::ptrdiff_t step = Cell::saved * std::ptrdiff_t{H};
    constexpr int block = 64;
    for (int from = 0; from < n.steps; from += block) {
        const int to = from + block < n.steps ? from + block : n.steps;
        const bool first = overwrite && from == 0;
        gates_weight_gradient(x.data(), xs.plane, xs.pixel, 0, n.inputs, sums, step, H, from, to, dw.input,
                              first, typename Cell::of_input{});
        // The state before step t is what step t - 1 gave; that before the first lies elsewhere.
        gates_weight_gradient(y.data(), ys.plane, ys.pixel, 1, H, sums, step, H, from == 0 ? 1 : from, to,
                              dw.hidden, first, typename Cell::of_hidden{}, from == 0 ? before : nullptr);
        if constexpr (ResetsBefore<Cell>)
            gates_weight_gradient(sums + Cell::saved_reset * std::ptrdiff_t{H}, 1, step, 0, H, sums, step, H,
                                  from, to, dw.hidden, first, typename Cell::of_reset{});
        const auto biases = [&]<int... Into>(T * db, std::integer_sequence<int, Into...>) {
            constexpr int into[] = {Into...};
            for (int g = 0; g < Cell::gates; ++g)
                for (int u = 0; u < H; ++u) {
                    E sum = E(scalar_of<E>(0));
                    for (int t = from; t < to; ++t)
                        sum += sums[t * step + into[g] * std::ptrdiff_t{H} + u];
                    accumulate(db[g * std::ptrdiff_t{H} + u], lane_sum(sum), first);
                }
        };
        biases(dw.input_bias, typename Cell::of_input{});
        biases(dw.hidden_bias, typename Cell::of_hidden_bias{});
    }
}

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_OPTIMIZED
