// Conv1D: convolution along a sequence.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/layers/conv.hpp>

namespace lamina::inline LAMINA_ABI::detail {

/// Conv1D with numbers for arguments.
template <class Tensors>
struct Conv1DNumbers : ConvByNumbers, Tensors {
    static constexpr std::string_view family = "Conv1D";
    static constexpr Argument arguments[] = {{"Filters"},     {"Kernel"},
                                             {"Stride", 1},   {"Padding", ArgumentKind::padding, 0},
                                             {"Dilation", 1}, {"Groups", 1}};

    explicit Conv1DNumbers(const ArgumentValue* a) noexcept
        : ConvByNumbers{sequence_rule(a[0], a[1], a[2], a[3].as_padding(), a[4], a[5])} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(rule_name()); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// 1-D convolution along a sequence, with a bias for each filter.
///
///     y(o, j) = b(o) + sum over c, v of  w(c, v, o) x(c, j S + v D - P)
///
/// Every filter spans all input channels, or those of its group. x is zero before its first element and
/// after its last. It is a `Conv` over an image of one row, with the same kernels.
///
/// Arguments:
/// - `Filters` F, the number of output channels, at least 1.
/// - `Kernel` K, the length of the kernel, at least 1.
/// - `Stride` S, the distance between neighbouring windows, 1 by default, at least 1.
/// - `Padding`: zeros on each side, a number P, `pad{0, 0, before, behind}` or `same` as of `Conv`; 0 by
///   default, at least 0 and below D (K - 1) + 1.
/// - `Dilation` D, the distance between neighbouring taps, 1 by default, at least 1.
/// - `Groups` G, as of `Conv`, 1 by default.
///
/// Shapes: x C,L; y F,L' with L' = floor((L + 2P - D (K - 1) - 1) / S) + 1.
///
/// Parameters: weight C/G,K,F and bias F; files hold the weight as PyTorch does, F,C/G,K. Initial values are
/// drawn as those of `Conv`. `NoBias<Conv1D<...>>` has no bias.
///
/// Errors: an input that is not C,L, padding above or below, and those of `Conv`.
///
/// PyTorch: `torch.nn.Conv1d(C, F, K, stride=S, padding=P, dilation=D, groups=G)`.
///
/// Example:
///
///     using Topology = ln::Net<ln::Conv1D<16, 5, 2, ln::same>, ln::ReLU, ln::Dense<4>>;
///     using Model = ln::Model<Topology, ln::Shape<3, 128>>;
///     static_assert(Model::layers[0].output == ln::dims{16, 64});
///     Model model{ln::seed{42}};
template <int Filters, int Kernel, int Stride, auto Padding, int Dilation, int Groups>
struct Conv1D : layer_bases::ConvWithBias<
                    layer_bases::ConvShapes<detail::sequence_rule(
                        Filters, Kernel, Stride, detail::padding_argument<Padding>, Dilation, Groups)>,
                    layer_bases::ConvOf, detail::Conv1DNumbers> {};

} // namespace lamina
