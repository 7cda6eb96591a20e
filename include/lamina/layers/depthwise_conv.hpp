// DepthwiseConv: a 2-D convolution whose filters see one channel each.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/layers/conv.hpp>

namespace lamina::inline LAMINA_ABI::detail {

/// DepthwiseConv with numbers for arguments.
template <class Tensors>
struct DepthwiseConvNumbers : ConvByNumbers, Tensors {
    static constexpr std::string_view family = "DepthwiseConv";
    static constexpr Argument arguments[] = {{"Kernel", ArgumentKind::extent},
                                             {"Stride", ArgumentKind::extent, 1},
                                             {"Padding", ArgumentKind::padding, 0},
                                             {"Dilation", ArgumentKind::extent, 1},
                                             {"Multiplier", ArgumentKind::number, 1}};

    explicit DepthwiseConvNumbers(const ArgumentValue* a) noexcept
        : ConvByNumbers{depthwise_rule(a[0].as_extent(), a[1].as_extent(), a[2].as_padding(),
                                       a[3].as_extent(), a[4])} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(rule_name()); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// 2-D convolution of each channel by itself, with a bias for each output channel.
///
///     y(c M + m, i, j) = b(c M + m) + sum over u, v of  w(u, v, c M + m) x(c, i S + u D - P, j S + v D - P)
///
/// It is a `Conv` with as many groups as channels, which need not be repeated here.
///
/// Arguments: each is a number or the alternative given.
/// - `Kernel` K, or `size{height, width}`: the extents of the kernel, at least 1.
/// - `Stride` S, or `size{rows, columns}`: the distance between neighbouring windows, 1 by default,
///   at least 1.
/// - `Padding` P, `pad{top, bottom, left, right}` or `same`: as in `Conv`, 0 by default.
/// - `Dilation` D, or `size{rows, columns}`: the distance between neighbouring taps, 1 by default,
///   at least 1.
/// - `Multiplier` M, the number of filters for each channel, 1 by default, at least 1.
///
/// Shapes: x C,H,W; y C M,H',W', with H' and W' as in `Conv`.
///
/// Parameters: weight 1,KH,KW,C M and bias C M; files hold the weight as PyTorch does, C M,1,KH,KW. Initial
/// values are drawn as those of `Conv`. `NoBias<DepthwiseConv<...>>` has no bias.
///
/// Errors: those of `Conv`.
///
/// PyTorch: `torch.nn.Conv2d(C, C * M, K, stride=S, padding=P, dilation=D, groups=C)`.
///
/// Source: Howard et al., arXiv:1704.04861, section 3.1.
///
/// Example:
///
///     using Separable = ln::Net<ln::DepthwiseConv<3, 2, ln::same>, ln::ReLU, ln::Conv<16, 1>, ln::ReLU>;
///     using Model = ln::Model<Separable, ln::Shape<8, 48, 48>>;
///     static_assert(Model::layers[0].output == ln::dims{8, 24, 24});
///     static_assert(Model::layers[0].parameters == 8 * 3 * 3 + 8);
///     Model model{ln::seed{42}};
template <auto Kernel, auto Stride, auto Padding, auto Dilation, int Multiplier>
struct DepthwiseConv
    : layer_bases::ConvWithBias<
          layer_bases::ConvShapes<detail::depthwise_rule(
              detail::size_argument<Kernel>, detail::size_argument<Stride>, detail::padding_argument<Padding>,
              detail::size_argument<Dilation>, Multiplier)>,
          layer_bases::ConvOf, detail::DepthwiseConvNumbers> {};

} // namespace lamina
