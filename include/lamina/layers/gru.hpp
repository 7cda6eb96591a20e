// GRU: gated recurrent unit.
#pragma once

#include <lamina/layers/recurrent.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// "GRU<16>" or "GRU<16,true>".
[[nodiscard]] constexpr Text gru_name(int units, bool resets_before) {
    Text text;
    text << "GRU<" << units;
    return text << (resets_before ? ",true>" : ">");
}

/// Whether an argument is `true`: not a number, as in GRU<1, 16>.
template <auto X>
inline constexpr bool is_truth = false;
template <>
inline constexpr bool is_truth<true> = true;

/// GRU with numbers for arguments, of both kinds, which have the same tensors. `Of` is a base of recurrent
/// layers.
template <template <class> class Of>
struct GRUByNumbers : Of<kernels::GruCell> {
    using After = Of<kernels::GruCell>;
    using Before = Of<kernels::GruResetBeforeCell>;
    static_assert(kernels::GruCell::saved == kernels::GruResetBeforeCell::saved);
    static constexpr Argument arguments[] = {{"Units"}, {"ResetBefore", ArgumentKind::truth, 0}};
    bool resets_before;
    Before before;

    explicit GRUByNumbers(const ArgumentValue* a) noexcept : After{a}, resets_before{a[1] != 0}, before{a} {}
    [[nodiscard]] Text spelled() const { return After::inside(gru_name(this->units, resets_before)); }

    void forward(auto x, auto p, auto y, auto pass) const noexcept {
        resets_before ? before.forward(x, p, y, pass) : After::forward(x, p, y, pass);
    }
    void prepare_gradients(auto x, auto y, auto dy, auto p, auto pass) const noexcept {
        resets_before ? before.prepare_gradients(x, y, dy, p, pass)
                      : After::prepare_gradients(x, y, dy, p, pass);
    }
    void parameter_gradient(auto x, auto y, auto dy, auto dp, auto pass) const noexcept {
        resets_before ? before.parameter_gradient(x, y, dy, dp, pass)
                      : After::parameter_gradient(x, y, dy, dp, pass);
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// An argument of `GRU`: the reset gate comes before the product with the state.
inline constexpr bool reset_before = true;

/// Gated recurrent unit: a recurrent layer whose state is moved by a gate.
///
///     r = sigmoid(Wr x + br + Ur h' + cr)      z = sigmoid(Wz x + bz + Uz h' + cz)
///     n = tanh(Wn x + bn + r (Un h' + cn))     h = n + z (h' - n)           y(t) = h
///
/// h' is the state of the step before, and zero before the first. The reset gate r comes behind the product
/// with h', as in PyTorch, in Keras with reset_after, and in ONNX with linear_before_reset = 1. With
/// `ResetBefore` it comes before, as in the paper, in Keras without reset_after, in ONNX otherwise, and in
/// RNNoise (whose middle layer has ReLU in place of tanh):
///
///     n = tanh(Wn x + bn + Un (r h') + cn)
///
/// These have one bias for each gate, or two that are added: either b or c may hold them, and the other be 0.
///
/// Arguments:
/// - `Units` H, the number of units, at least 1.
/// - `ResetBefore`, false by default, or true: `GRU<16, ln::reset_before>`.
///
/// Shapes: x a sequence C,L; y H,L.
///
/// Parameters: weight_ih_l0 C,3H (W), weight_hh_l0 H,3H (U), bias_ih_l0 3H (b) and bias_hh_l0 3H (c), with
/// the gates in the order r, z, n; files hold the weights as PyTorch does, 3H,C and 3H,H. The weights are
/// drawn by Glorot's rule, the biases begin as zero.
///
/// Errors: fewer than 1 unit, an input that is not a sequence, and more than 2,147,483,647 numbers in a
/// weight or in what backward needs of all steps do not compile.
///
/// PyTorch: `torch.nn.GRU(C, H)`, whose steps come first; it draws other initial values. With `ResetBefore`
/// none. Files of Keras have the gates in the order z, r, n, and kernels as C,3H.
///
/// Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", arXiv:1406.1078.
///
/// Example:
///
///     using Policy = ln::Net<ln::Dense<16>, ln::ReLU, ln::GRU<16>, ln::Dense<4>>;
///     using Model = ln::Model<Policy, ln::Sequence<100, ln::Shape<22>>>;
///     static_assert(Model::layers[2].output == Model::layers[1].output); // 100 steps of 16
///     Model model{ln::seed{42}};
template <int Units, auto ResetBefore>
struct GRU
    : layer_bases::Recurrent<
          std::conditional_t<detail::is_truth<ResetBefore>, kernels::GruResetBeforeCell, kernels::GruCell>,
          Units, std::is_same_v<decltype(ResetBefore), bool>> {
    template <template <class> class Of>
    using by_numbers_of = detail::GRUByNumbers<Of>;
    using by_numbers = by_numbers_of<layer_bases::RecurrentByNumbers>;
    static constexpr Text name = detail::gru_name(Units, detail::is_truth<ResetBefore>);
};

} // namespace lamina

LAMINA_END_IEEE
