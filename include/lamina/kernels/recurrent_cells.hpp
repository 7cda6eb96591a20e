// The gates of recurrent layers: what becomes of the sums of a unit, and back.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/pack.hpp>

#include <string_view>
#include <utility>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::kernels {

/// The gradient before a sigmoid and a tanh, from that behind it and the value.
template <class E>
[[nodiscard, gnu::always_inline]] constexpr E through_sigmoid(const E& g, const E& value) noexcept {
    return g * (value * (E(scalar_of<E>(1)) - value));
}
template <class E>
[[nodiscard, gnu::always_inline]] constexpr E through_tanh(const E& g, const E& value) noexcept {
    return g * (E(scalar_of<E>(1)) - value * value);
}

/// Long short-term memory:
///     i = sigmoid(s0)    f = sigmoid(s1)    g = tanh(s2)    o = sigmoid(s3)    c = f c' + i g    h = o
///     tanh(c)
/// c' is the cell state before the step.
struct LstmCell {
    static constexpr std::string_view name = "LSTM";
    static constexpr int gates = 4, sums = 4;
    static constexpr bool has_cell_state = true;
    /// To which sum the products of x and of h' with the weights of each gate go, and the biases. (-1: to
    /// none.)
    using of_input = std::integer_sequence<int, 0, 1, 2, 3>;
    using of_hidden = of_input;
    using of_hidden_bias = of_hidden;
    /// What forward keeps for backward: i, f, g, o, c. Backward puts the gradients of the sums in the first
    /// places.
    static constexpr int saved = 5, saved_state = 4;

    template <class E>
    [[nodiscard, gnu::always_inline]] static constexpr E forward(const E (&sum)[4], const E& /*h*/, E& c,
                                                                 E (&keep)[5]) noexcept {
        const E i = sigmoid(sum[0]), f = sigmoid(sum[1]), g = tanh(sum[2]), o = sigmoid(sum[3]);
        c = f * c + i * g;
        keep[0] = i;
        keep[1] = f;
        keep[2] = g;
        keep[3] = o;
        keep[4] = c;
        return o * tanh(c);
    }
    /// `keep` becomes the gradients of the sums, dh and dc those of h' and c' as far as they do not go
    /// through the sums.
    template <class E>
    [[gnu::always_inline]] static constexpr void backward(E (&keep)[5], const E& /*h*/, const E& c_before,
                                                          E& dh, E& dc) noexcept {
        const E i = keep[0], f = keep[1], g = keep[2], o = keep[3], bounded = tanh(keep[4]);
        const E d = dc + through_tanh(E(dh * o), bounded);
        keep[0] = through_sigmoid(E(d * g), i);
        keep[1] = through_sigmoid(E(d * c_before), f);
        keep[2] = through_tanh(E(d * i), g);
        keep[3] = through_sigmoid(E(dh * bounded), o);
        dc = d * f;
        dh = E(scalar_of<E>(0));
    }
};

/// Gated recurrent unit, the reset gate behind the product with h':
///     r = sigmoid(s0)    z = sigmoid(s1)    n = tanh(s2 + r s3)    h = n + z (h' - n)
struct GruCell {
    static constexpr std::string_view name = "GRU";
    static constexpr int gates = 3, sums = 4;
    static constexpr bool has_cell_state = false;
    using of_input = std::integer_sequence<int, 0, 1, 2>;
    using of_hidden = std::integer_sequence<int, 0, 1, 3>;
    using of_hidden_bias = of_hidden;
    static constexpr int saved = 4; ///< r, z, n, s3

    template <class E>
    [[nodiscard, gnu::always_inline]] static constexpr E forward(const E (&sum)[4], const E& h, E& /*c*/,
                                                                 E (&keep)[4]) noexcept {
        const E r = sigmoid(sum[0]), z = sigmoid(sum[1]), n = tanh(E(sum[2] + r * sum[3]));
        keep[0] = r;
        keep[1] = z;
        keep[2] = n;
        keep[3] = sum[3];
        return n + z * (h - n);
    }
    template <class E>
    [[gnu::always_inline]] static constexpr void backward(E (&keep)[4], const E& h, const E& /*c_before*/,
                                                          E& dh, E& /*dc*/) noexcept {
        const E r = keep[0], z = keep[1], n = keep[2], s3 = keep[3];
        const E dn = through_tanh(E(dh * (E(scalar_of<E>(1)) - z)), n);
        keep[0] = through_sigmoid(E(dn * s3), r);
        keep[1] = through_sigmoid(E(dh * (h - n)), z);
        keep[2] = dn;
        keep[3] = dn * r;
        dh = dh * z;
    }
};

/// Gated recurrent unit, the reset gate before the product with h', which takes two passes over the units:
///     r = sigmoid(s0)    z = sigmoid(s1)
///     n = tanh(s2)       h = n + z (h' - n)        where s2 has the products with r h'
struct GruResetBeforeCell {
    static constexpr std::string_view name = "GRU";
    static constexpr int gates = 3, sums = 3;
    static constexpr bool has_cell_state = false;
    using of_input = std::integer_sequence<int, 0, 1, 2>;
    using of_hidden = std::integer_sequence<int, 0, 1, -1>;
    using of_reset = std::integer_sequence<int, -1, -1, 2>; ///< the products of r h'
    using of_hidden_bias = of_input;
    static constexpr int saved = 4, saved_reset = 3; ///< r, z, n, r h'

    /// Gives r h' in place of a state, and z in place of a cell state.
    struct Gates {
        static constexpr int gates = 3, sums = 2, saved = 2;
        static constexpr bool has_cell_state = true;
        using of_input = std::integer_sequence<int, 0, 1, -1>;
        using of_hidden = of_input;

        template <class E>
        [[nodiscard, gnu::always_inline]] static constexpr E forward(const E (&sum)[2], const E& h, E& z,
                                                                     E (&keep)[2]) noexcept {
            const E r = sigmoid(sum[0]);
            z = sigmoid(sum[1]);
            keep[0] = r;
            keep[1] = z;
            return r * h;
        }
    };
    struct Candidate {
        static constexpr int gates = 3, sums = 1, saved = 1;
        static constexpr bool has_cell_state = true;
        using of_input = std::integer_sequence<int, -1, -1, 0>;
        using of_hidden = of_input;

        template <class E>
        [[nodiscard, gnu::always_inline]] static constexpr E forward(const E (&sum)[1], const E& h, E& z,
                                                                     E (&keep)[1]) noexcept {
            const E n = tanh(sum[0]);
            keep[0] = n;
            return n + z * (h - n);
        }
    };

    /// What does not go through r h'.
    template <class E>
    [[gnu::always_inline]] static constexpr void backward(E (&keep)[4], const E& h, const E& /*c_before*/,
                                                          E& dh, E& /*dc*/) noexcept {
        const E z = keep[1], n = keep[2];
        keep[1] = through_sigmoid(E(dh * (h - n)), z);
        keep[2] = through_tanh(E(dh * (E(scalar_of<E>(1)) - z)), n);
        dh = dh * z;
    }
    /// What does, from `g`, the gradient of r h', which is `reset`. `r` becomes the gradient of its sum.
    template <class E>
    [[gnu::always_inline]] static constexpr void backward_reset(E& r, const E& reset, const E& g,
                                                                E& dh) noexcept {
        dh += g * r;
        r = g * reset * (E(scalar_of<E>(1)) - r);
    }
};

/// Whether the cell is computed in two passes, `Gates` and `Candidate`.
template <class Cell>
concept ResetsBefore = requires {
    typename Cell::Candidate;
};

} // namespace lamina::inline LAMINA_ABI::kernels

LAMINA_END_IEEE
