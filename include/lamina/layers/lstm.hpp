// LSTM: long short-term memory.
#pragma once

#include <lamina/layers/recurrent.hpp>

namespace lamina {

/// Long short-term memory: a recurrent layer with a cell state that gates write, keep and read.
///
///     i = sigmoid(Wi x + bi + Ui h' + ci)      f = sigmoid(Wf x + bf + Uf h' + cf)
///     g = tanh(Wg x + bg + Ug h' + cg)         o = sigmoid(Wo x + bo + Uo h' + co)
///     c = f c' + i g                           h = o tanh(c)        y(t) = h
///
/// h' and c' are the states of the step before, and zero before the first. There are no peepholes and no
/// projection. Several layers stand one behind the other: `Net<LSTM<16>, LSTM<16>>`. Training goes back
/// through the whole sequence.
///
/// Arguments: `Units` H, the number of units, at least 1.
///
/// Shapes: x a sequence C,L; y H,L.
///
/// Parameters: weight_ih_l0 C,4H (W), weight_hh_l0 H,4H (U), bias_ih_l0 4H (b) and bias_hh_l0 4H (c), with
/// the gates in the order i, f, g, o; files hold the weights as PyTorch does, 4H,C and 4H,H. The weights are
/// drawn by Glorot's rule, the biases begin as zero.
///
/// Errors: fewer than 1 unit, an input that is not a sequence, and more than 2,147,483,647 numbers in a
/// weight or in what backward needs of all steps do not compile.
///
/// PyTorch: `torch.nn.LSTM(C, H)`, whose steps come first; it draws other initial values.
///
/// Source: Hochreiter & Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997; forget gate:
/// Gers, Schmidhuber & Cummins, 2000.
///
/// Example:
///
///     using Amplifier = ln::Net<ln::Residual<ln::LSTM<40>, ln::Dense<1>>>;
///     using Model = ln::Model<Amplifier, ln::Sequence<64, ln::Shape<1>>>;
///     static_assert(Model::parameter_count == 4 * 40 * (1 + 40 + 2) + 40 + 1);
///     const Model model{ln::seed{42}};
///     ln::Stream<Model> live{model};
///     const float y = live.step(0.5F);
template <int Units, auto...>
struct LSTM : layer_bases::Recurrent<kernels::LstmCell, Units, true> {};

/// PyTorch's LSTM(1, 16) as LSTM<1, 16>: an error that says so.
template <int Units, auto Next, auto... Others>
struct LSTM<Units, Next, Others...> : layer_bases::Recurrent<kernels::LstmCell, Units, false> {};

} // namespace lamina
