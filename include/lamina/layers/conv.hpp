// Conv: 2-D convolution (cross-correlation, as everywhere in the field).
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/depthwise_one_sample.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/conv_rule.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Constants for the arguments of a convolution.
template <ConvRule Rule>
struct ConvConstants {
    template <class X>
    [[nodiscard, gnu::always_inline]] static constexpr auto window_of(const X& /*x*/) noexcept {
        return kernels::Window<Rule.window(X::shape::extents)>{};
    }
};

/// Numbers for the arguments of a convolution.
struct ConvByNumbers : ConvRule {
    [[nodiscard]] kernels::RunTimeWindow window_of(const auto& x) const noexcept {
        return window(x.geometry().extents);
    }
    [[nodiscard]] constexpr long long prepared_extent(const dims& in) const noexcept {
        return static_cast<long long>(tensor("weight", in).size());
    }
    void prepare(auto p, auto* prepared) const noexcept {
        const int all = p.weight.geometry().extents.extent[p.weight.geometry().extents.rank - 1];
        prepare_conv_weight(kernels::ByNumbers{}, p.weight.data(), p.weight.size / taps() / all, taps(), all,
                            prepared);
    }
    /// Refuses arguments and inputs as `ConvShapes::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        const auto K = to_text(kernel), S = to_text(stride), D = to_text(dilation),
                   P = to_text(padding.sides);
        const std::string_view k = K, s = S, d = D, p = P;
        const int KH = kernel.height, KW = kernel.width;
        where.expect(filters >= 1, "a convolution needs at least 1 filter", "filters<", filters,
                     ">::must_be_positive");
        where.expect(KH >= 1 && KW >= 1, "kernel must be at least 1", "kernel<", KH, ",", KW,
                     ">::must_be_positive");
        where.expect(stride.height >= 1 && stride.width >= 1, "stride must be at least 1", "stride<", s,
                     ">::must_be_positive");
        where.expect(dilation.height >= 1 && dilation.width >= 1, "dilation must be at least 1", "dilation<",
                     d, ">::must_be_positive");
        where.expect(!has_negative_padding(), "padding must be at least 0", "padding<", p,
                     ">::must_not_be_negative");
        where.expect(!sees_only_padding(),
                     "padding must be smaller than the kernel, otherwise some outputs would see only zeros",
                     "padding<", p, ">::must_be_smaller_than_kernel<", k, ">");
        where.expect(groups >= 1, "a convolution has at least 1 group", "groups<", groups,
                     ">::must_be_positive");
        if (is_1d())
            where.require_sequence(in);
        else
            where.require_image(in);
        where.expect(in[0] % groups == 0, "the groups must divide the channels of the input", "groups<",
                     groups, ">::do_not_divide_channels<", in[0], ">");
        where.expect(filters % groups == 0, "the groups must divide the filters", "groups<", groups,
                     ">::do_not_divide_filters<", filters, ">");
        where.expect(fits(in) || dilation == size{1}, "kernel with its dilation is larger than its input",
                     "kernel<", KH, ",", KW, ">::dilated_by<", dilation.height, ",", dilation.width,
                     ">::does_not_fit_its_input<", padded_height(in), ",", padded_width(in), ">");
        where.expect(fits(in), "kernel is larger than its input", "kernel<", KH, ",", KW,
                     ">::does_not_fit_its_input<", padded_height(in), ",", padded_width(in), ">");
    }
};
/// Conv with numbers for arguments.
template <class Tensors>
struct ConvNumbers : ConvByNumbers, Tensors {
    static constexpr std::string_view family = "Conv";
    static constexpr Argument arguments[] = {{"Filters"},
                                             {"Kernel", ArgumentKind::extent},
                                             {"Stride", ArgumentKind::extent, 1},
                                             {"Padding", ArgumentKind::padding, 0},
                                             {"Dilation", ArgumentKind::extent, 1},
                                             {"Groups", ArgumentKind::number, 1}};

    explicit ConvNumbers(const ArgumentValue* a) noexcept
        : ConvByNumbers{conv_rule(a[0], a[1].as_extent(), a[2].as_extent(), a[3].as_padding(),
                                  a[4].as_extent(), a[5])} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(rule_name()); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of Conv. `Arguments` are constants or numbers.
template <class Arguments>
struct ConvOf : Arguments {
    using Arguments::Arguments;

    /// The order that the layer needs for one sample's image.
    static constexpr Order one_sample_order = Order::channels_last;
    /// Files have the outputs first, so loading and saving transpose the weight.
    static constexpr bool weight_ends_in_outputs = true;

    /// forward applies `pass.after(sum, o, i, j)` to each result before it is stored.
    static constexpr bool takes_activation = true, asks_for_after_alone = true;
    static constexpr bool takes_scale = true;
    static constexpr bool takes_addend = true;
    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        const auto window = this->window_of(x);
        const auto in = kernels::as_image(x);
        const auto out = kernels::as_image(y);
        const auto after = kernels::with_indices_of_image<decltype(y)>(pass.after);
        if constexpr (x.order == Order::planes)
            kernels::conv(in, p.weight.data(), detail::bias_of(p), out, window, after);
        else if constexpr (window.groups > 1 && window.groups == in.geometry().channels)
            kernels::one::depthwise_conv<decltype(window)>(in, p.weight.data(), detail::bias_of(p), out,
                                                           after);
        else
            kernels::one::conv<decltype(window), 1>(in, p.weight.data(), detail::bias_of(p), out, after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p,
                                  auto dx) const noexcept requires kernels::ConstantExtents<decltype(dx)> {
        kernels::conv_input_gradient<How>(kernels::as_image(dy), p.weight.data(), kernels::as_image(dx),
                                          this->window_of(dx));
    }
    /// With numbers for arguments: from the weight in another order, which is prepared once a step.
    template <kernels::Store How = kernels::Store::overwrite>
    void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx, auto pass) const noexcept {
        kernels::conv_input_gradient<How>(dy, pass.prepared, dx, this->window_of(dx));
    }
    constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) const noexcept {
        kernels::conv_parameter_gradient(kernels::as_image(x), kernels::as_image(dy), dp.weight.data(),
                                         detail::bias_of(dp), this->window_of(x), overwrite);
    }
};

/// Base of Conv, and of the layers like it, with constants for arguments: the rules of shapes.
template <detail::ConvRule Rule>
struct ConvShapes : ConvOf<detail::ConvConstants<Rule>> {
    static constexpr detail::ConvRule rule = Rule;
    static constexpr Text name = rule.rule_name();

    template <class In>
    static constexpr dims output_extents = rule.outputs(In::extents);
    template <class In>
    static constexpr dims weight_extents = rule.tensor("weight", In::extents);
    template <class In>
    using output = detail::shape_with<output_extents<In>>;
    template <class In>
    using weight = detail::shape_with<weight_extents<In>>;

    template <class In>
    static constexpr long long macs = rule.multiply_adds(In::extents);
    template <class In>
    static constexpr int fan_in = rule.fans(In::extents).fan_in;
    template <class In>
    static constexpr int fan_out = rule.fans(In::extents).fan_out;
    template <class In, Order O>
    static constexpr pad input_halo = rule.halo_of_input(In::extents, O);
    template <class In>
    static constexpr pad gradient_halo = rule.halo_of_gradient(In::extents);

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        constexpr size K = rule.kernel, D = rule.dilation;
        constexpr pad P = rule.padding.sides;
        constexpr int F = rule.filters, G = rule.groups;
        if constexpr (K == detail::not_a_size)
            return fault<typename Where::kernel_is_neither_a_number_nor_a_size>{};
        else if constexpr (rule.stride == detail::not_a_size)
            return fault<typename Where::stride_is_neither_a_number_nor_a_size>{};
        else if constexpr (P == detail::not_a_pad)
            return fault<typename Where::padding_is_neither_a_number_nor_a_pad_nor_same>{};
        else if constexpr (D == detail::not_a_size)
            return fault<typename Where::dilation_is_neither_a_number_nor_a_size>{};
        else if constexpr (F < 1)
            return fault<typename Where::template filters<F>::must_be_positive>{};
        else if constexpr (K.height < 1 || K.width < 1)
            return fault<typename Where::template kernel<K.height, K.width>::must_be_positive>{};
        else if constexpr (rule.stride.height < 1 || rule.stride.width < 1)
            return fault<typename detail::with_size<Where::template stride, rule.stride>::must_be_positive>{};
        else if constexpr (D.height < 1 || D.width < 1)
            return fault<typename detail::with_size<Where::template dilation, D>::must_be_positive>{};
        else if constexpr (rule.has_negative_padding())
            return fault<typename detail::with_pad<Where::template padding, P>::must_not_be_negative>{};
        else if constexpr (rule.sees_only_padding())
            return fault<detail::with_size<
                detail::with_pad<Where::template padding, P>::template must_be_smaller_than_kernel, K>>{};
        else if constexpr (G < 1)
            return fault<typename Where::template groups<G>::must_be_positive>{};
        else if constexpr (rule.is_1d() && In::rank != 2)
            return fault<typename Where::template input<In>::is_not_a_sequence>{};
        else if constexpr (!rule.is_1d() && !ImageShape<In>)
            return fault<typename Where::template input<In>::is_not_an_image>{};
        else if constexpr (In::extents.extent[0] % G != 0)
            return fault<
                typename Where::template groups<G>::template do_not_divide_channels<In::extents.extent[0]>>{};
        else if constexpr (F % G != 0)
            return fault<typename Where::template groups<G>::template do_not_divide_filters<F>>{};
        else if constexpr (!rule.fits(In::extents) && D != size{1})
            return fault<typename Where::template kernel<K.height, K.width>::template dilated_by<
                D.height, D.width>::template does_not_fit_its_input<rule.padded_height(In::extents),
                                                                    rule.padded_width(In::extents)>>{};
        else if constexpr (!rule.fits(In::extents))
            return fault<typename Where::template kernel<K.height, K.width>::template does_not_fit_its_input<
                rule.padded_height(In::extents), rule.padded_width(In::extents)>>{};
        else
            return none{};
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        constexpr long long rows = rule.rows(In::extents).left_over(rule.padded_height(In::extents)),
                            columns = rule.columns(In::extents).left_over(rule.padded_width(In::extents));
        if constexpr (rows % rule.stride.height != 0 || columns % rule.stride.width != 0)
            return fault<typename detail::with_size<Where::template stride,
                                                    rule.stride>::template does_not_divide<rows, columns>>{};
        else
            return none{};
    }

    /// Convolution, activation and max pooling over windows of `Size` in one function.
    static constexpr bool takes_max_pool = rule.type == detail::Convolution::image && rule.groups == 1;
    template <int Size>
    static constexpr void forward_pooled(auto x, auto p, auto y, auto argmax, auto f) noexcept {
        using Window = decltype(ConvShapes::window_of(x));
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Window, Size>(x, p.weight.data(), detail::bias_of(p), y, f);
        else
            kernels::conv_max_pool<Size>(x, p.weight.data(), detail::bias_of(p), y, Window{}, argmax, f);
    }
    template <int Size>
    static constexpr bool blends = kernels::blended_gradient_fits(rule.taps(), Size);
    template <int Size>
    static constexpr void parameter_gradient_pooled(auto x, auto y, auto dy, auto argmax, auto dp, auto slope,
                                                    bool overwrite) noexcept {
        kernels::conv_max_pool_parameter_gradient<decltype(ConvShapes::window_of(x)), Size>(
            x, y, dy, argmax, dp.weight, detail::bias_of(dp), slope, overwrite);
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// 2-D convolution of an image with a bias for each filter.
///
///     y(o, i, j) = b(o) + sum over c, u, v of  w(c, u, v, o) x(c, i S + u D - P, j S + v D - P)
///
/// with stride S, dilation D and padding P of their own for rows and columns. Every filter spans all input
/// channels, or those of its group. x is zero outside its borders. The kernel is not flipped
/// (cross-correlation), as in all frameworks.
///
/// Arguments: each is a number or the alternative given.
/// - `Filters` F, the number of output channels, at least 1.
/// - `Kernel` K, or `size{height, width}`: the extents of the kernel, at least 1.
/// - `Stride` S, or `size{rows, columns}`: the distance between neighbouring windows, 1 by default, at
/// least 1.
/// - `Padding` P, `pad{top, bottom, left, right}` or `same`: the zeros on each side of the image, 0 by
///   default, at least 0 and below D (K - 1) + 1. `same` is TensorFlow's rule: an output of ceil(H / S) rows,
///   and if that takes an odd number of zeros, one more at the bottom and at the right.
/// - `Dilation` D, or `size{rows, columns}`: the distance between neighbouring taps, 1 by default, at
/// least 1.
/// - `Groups` G, 1 by default: channels and filters fall into so many groups, and each filter sees the
///   channels of its group. It must divide both. `DepthwiseConv` has as many as channels.
///
/// Shapes: x C,H,W; y F,H',W' with H' = floor((H + top + bottom - D (K - 1) - 1) / S) + 1 and W' likewise.
///
/// Parameters: weight C/G,KH,KW,F and bias F; files hold the weight as PyTorch does, F,C/G,KH,KW. The weight
/// is drawn by He's rule if a rectifier such as `ReLU` or `GELU` follows, else by Glorot's; the bias begins
/// as zero. `NoBias<Conv<...>>` has no bias.
///
/// Errors: an input that is not an image, a kernel larger than the padded input, groups that do not divide,
/// and arguments that are not allowed do not compile. In a `Strict` network, neither does a stride that
/// leaves rows or columns over at the far edge.
///
/// PyTorch: `torch.nn.Conv2d(C, F, K, stride=S, padding=P, dilation=D, groups=G)`, which draws other initial
/// values. Its padding is the same at opposite sides, and its `padding='same'` needs a stride of 1.
///
/// Source: O'Shea & Nash, arXiv:1511.08458, section 2.2; dilation: Yu & Koltun, arXiv:1511.07122.
///
/// Example:
///
///     using Topology = ln::Net<ln::Conv<16, 3>, ln::ReLU, ln::Conv<8, ln::size{5, 3}, 2, ln::same>>;
///     using Model = ln::Model<Topology, ln::Shape<3, 32, 32>>;
///     static_assert(Model::layers[0].output == ln::dims{16, 30, 30});
///     static_assert(Model::layers[2].output == ln::dims{8, 15, 15}); // half of it
///     Model model{ln::seed{42}};
///     const Model::Output y = model.forward(Model::Input{});
template <int Filters, auto Kernel, auto Stride, auto Padding, auto Dilation, int Groups>
struct Conv : layer_bases::ConvShapes<detail::conv_rule(
                  Filters, detail::size_argument<Kernel>, detail::size_argument<Stride>,
                  detail::padding_argument<Padding>, detail::size_argument<Dilation>, Groups)> {
    using without_bias = typename Conv::ConvShapes;
    template <class Tensors>
    using by_numbers_with = layer_bases::ConvOf<detail::ConvNumbers<Tensors>>;
    using by_numbers = by_numbers_with<detail::WeightAndBiasByNumbers>;

    template <class In>
    using bias = Shape<Conv::rule.filters>;
};

} // namespace lamina

LAMINA_END_IEEE
