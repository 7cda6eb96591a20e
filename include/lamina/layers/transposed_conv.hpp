// TransposedConv: a 2-D convolution backwards, which makes images larger.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/transposed_conv.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/conv_arguments.hpp>
#include <lamina/layers/conv_rule.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// TransposedConv with numbers for arguments.
template <class Tensors>
struct TransposedConvNumbers : ConvByNumbers, Tensors {
    static constexpr std::string_view family = "TransposedConv";
    static constexpr Argument arguments[] = {{"Filters"},
                                             {"Kernel", ArgumentKind::extent},
                                             {"Stride", ArgumentKind::extent, 1},
                                             {"Padding", ArgumentKind::padding, 0},
                                             {"Dilation", ArgumentKind::extent, 1},
                                             {"Groups", ArgumentKind::number, 1}};

    explicit TransposedConvNumbers(const ArgumentValue* a) noexcept
        : ConvByNumbers{transposed_rule(a[0], a[1].as_extent(), a[2].as_extent(), a[3].as_padding(),
                                        a[4].as_extent(), a[5])} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(rule_name()); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of TransposedConv. `Arguments` are constants or numbers. It mirrors a Conv from y to x: forward is
/// the input gradient of that, and the other way round.
template <class Arguments>
struct TransposedConvOf : Arguments {
    using Arguments::Arguments;

    /// Files have the inputs first, so loading and saving transpose the weight.
    static constexpr bool weight_ends_in_inputs = true;
    /// With numbers for arguments forward takes the weight in another order.
    static constexpr bool forward_is_prepared = true;

    static constexpr bool takes_activation = true, asks_for_after_alone = true;
    static constexpr bool takes_addend = true;
    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        if constexpr (kernels::ConstantExtents<decltype(x)>)
            kernels::conv_input_gradient(x, p.weight.data(), y, this->window_of(x), detail::bias_of(p),
                                         pass.after);
        else
            kernels::conv_input_gradient(x, pass.prepared, y, this->window_of(x),
                                         kernels::AfterBias{detail::bias_of(p), pass.after});
    }
    constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto p, auto dx) const noexcept {
        kernels::conv(dy, p.weight.data(), detail::no_bias_of(p), dx, this->window_of(x), kernels::AsItIs{});
    }
    constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) const noexcept {
        kernels::conv_parameter_gradient(dy, x, dp.weight.data(), detail::no_bias_of(dp), this->window_of(x),
                                         overwrite);
        kernels::bias_gradient(dy, detail::bias_of(dp), overwrite);
    }
};

/// Base of TransposedConv with constants for arguments.
template <detail::ConvRule Rule>
struct TransposedConvShapes : TransposedConvOf<detail::ConvConstants<Rule>>, ConvRules<Rule> {
    static constexpr bool takes_scale = Rule.groups == 1; // else the weights of a channel lie apart
};

} // namespace lamina::layer_bases

namespace lamina {

/// 2-D transposed convolution of an image, which makes it larger, with a bias for each filter.
///
///     y(o, i, j) = b(o) + sum over c, u, v of  w(o, u, v, c) x(c, (i + P - u D) / S, (j + P - v D) / S)
///
/// over the taps where S divides, with stride S, dilation D and padding P of their own for rows and columns.
/// x is zero outside its borders. Each element of x adds the kernel, times that element, to y; from one
/// element to the next the kernel moves on by S. It is the gradient of `Conv` with the same arguments by its
/// input, and gives an image the size that this `Conv` takes back to its own. That is why decoders use it.
///
/// A kernel that the stride does not divide leaves a pattern of the stride in the outputs: prefer a kernel of
/// 4 to one of 3 for a stride of 2.
///
/// Arguments: each is a number or the alternative given.
/// - `Filters` F, the number of output channels, at least 1.
/// - `Kernel` K, or `size{height, width}`: the extents of the kernel, at least 1.
/// - `Stride` S, or `size{rows, columns}`: how many times as large y is, 1 by default, at least 1.
/// - `Padding` P, `pad{top, bottom, left, right}` or `same`: how much of the result is cut off on each side,
///   0 by default, at least 0 and below D (K - 1) + 1. `same` gives S H rows and S W columns; it is the
///   padding of the `Conv` that takes them back to x.
/// - `Dilation` D, or `size{rows, columns}`: the distance between neighbouring taps, 1 by default,
///   at least 1.
/// - `Groups` G, 1 by default: channels and filters fall into so many groups, and each filter sees the
///   channels of its group. It must divide both.
///
/// Shapes: x C,H,W; y F,H',W' with H' = (H - 1) S + D (K - 1) + 1 - top - bottom and W' likewise.
///
/// Parameters: weight F/G,KH,KW,C and bias F; files hold the weight as PyTorch does, C,F/G,KH,KW. The weight
/// is drawn by He's rule if a rectifier such as `ReLU` or `GELU` follows, else by Glorot's, with fan in the
/// C/G KH KW / S^2 products that an output is the sum of on average; the bias begins as zero.
/// `NoBias<TransposedConv<...>>` has no bias.
///
/// Errors: an input that is not an image, padding that leaves no output, groups that do not divide, and
/// arguments that are not allowed do not compile.
///
/// PyTorch: `torch.nn.ConvTranspose2d(C, F, K, stride=S, padding=P, groups=G, dilation=D)`, which draws other
/// initial values. Its `output_padding=A` cuts off less at the bottom and at the right:
/// `pad{P, P - A, P, P - A}`.
///
/// Source: Zeiler et al., Deconvolutional networks, CVPR 2010; Dumoulin & Visin, arXiv:1603.07285, chapter 4.
///
/// Example:
///
///     using Up = ln::TransposedConv<16, 4, 2, 1>;
///     using Decoder = ln::Net<Up, ln::ReLU, ln::TransposedConv<3, 3, 2, ln::same>>;
///     using Model = ln::Model<Decoder, ln::Shape<32, 7, 7>>;
///     static_assert(Model::layers[0].output == ln::dims{16, 14, 14});
///     static_assert(Model::layers[2].output == ln::dims{3, 28, 28});
///     Model model{ln::seed{42}};
///     const Model::Output y = model.forward(Model::Input{});
template <int Filters, auto Kernel, auto Stride, auto Padding, auto Dilation, int Groups>
struct TransposedConv : layer_bases::ConvWithBias<
                            layer_bases::TransposedConvShapes<detail::transposed_rule(
                                Filters, detail::size_argument<Kernel>, detail::size_argument<Stride>,
                                detail::padding_argument<Padding>, detail::size_argument<Dilation>, Groups)>,
                            layer_bases::TransposedConvOf, detail::TransposedConvNumbers> {};

} // namespace lamina

LAMINA_END_IEEE
