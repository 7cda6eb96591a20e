// GRU: gated recurrent unit.
#pragma once

#include <lamina/layers/recurrent.hpp>

namespace lamina {

/// Gated recurrent unit: a recurrent layer whose state is moved by a gate.
///
///     r = sigmoid(Wr x + br + Ur h' + cr)      z = sigmoid(Wz x + bz + Uz h' + cz)
///     n = tanh(Wn x + bn + r (Un h' + cn))     h = n + z (h' - n)           y(t) = h
///
/// h' is the state of the step before, and zero before the first. The reset gate r comes behind the product
/// with h', as in PyTorch and in ONNX with linear_before_reset.
///
/// Arguments: `Units` H, the number of units, at least 1.
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
/// PyTorch: `torch.nn.GRU(C, H)`, whose steps come first; it draws other initial values.
///
/// Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", arXiv:1406.1078.
///
/// Example:
///
///     using Policy = ln::Net<ln::Dense<16>, ln::ReLU, ln::GRU<16>, ln::Dense<4>>;
///     using Model = ln::Model<Policy, ln::Sequence<100, ln::Shape<22>>>;
///     static_assert(Model::layers[2].output == Model::layers[1].output); // 100 steps of 16
///     Model model{ln::seed{42}};
template <int Units>
struct GRU : layer_bases::Recurrent<kernels::GruCell, Units> {};

} // namespace lamina
