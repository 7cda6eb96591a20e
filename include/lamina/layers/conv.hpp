// Conv: 2-D convolution (cross-correlation, as everywhere in the field).
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/depthwise_one_sample.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/kernels/winograd_conv.hpp>
#include <lamina/kernels/winograd_one_sample.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/conv_arguments.hpp>
#include <lamina/layers/conv_rule.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

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

    /// forward applies `pass.after(sum, o, i, j)` to each result before it is stored, or to packs of results;
    /// j is a number, or the `Columns` of a row that a pack holds.
    static constexpr bool takes_activation = true, asks_for_after_alone = true;
    static constexpr bool takes_scale = true;
    static constexpr bool takes_addend = true;
    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        const auto window = this->window_of(x);
        const auto in = kernels::as_image(x);
        const auto out = kernels::as_image(y);
        const auto after = kernels::with_indices_of_image<decltype(y)>(pass.after);
        using Room = detail::scratch_of<decltype(pass)>;
        if constexpr (asks_at_run_time<decltype(y)>)
            if (this->winograd_on(x, pass.scratch).forward)
                return kernels::winograd::conv(in, p.weight.data(), detail::bias_of(p), out, window,
                                               pass.scratch, after);
        if constexpr (detail::is_prepared<Room>)
            kernels::winograd::conv_of_one<Arguments::template prepared_tile<decltype(x)>, 1,
                                           decltype(window)>(in, pass.scratch.parameters, detail::bias_of(p),
                                                             out, pass.scratch.room, after);
        else if constexpr (Arguments::template winograd_parts<decltype(x), Room>.forward)
            kernels::winograd::conv(in, p.weight.data(), detail::bias_of(p), out, window, pass.scratch,
                                    after);
        else if constexpr (x.order == Order::planes) {
            if constexpr (Arguments::template computes_rows_of_pixels<decltype(x)>())
                if (!std::is_constant_evaluated())
                    return kernels::one::conv_of_few_filters<decltype(window), 1>(
                        in, p.weight.data(), detail::bias_of(p), out, after);
            kernels::conv(in, p.weight.data(), detail::bias_of(p), out, window, after);
        } else if constexpr (window.groups > 1 && window.groups == in.geometry().channels)
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
    /// With scratch memory, by Winograd's algorithm where that takes less time. With numbers for arguments,
    /// otherwise from the weight in another order, which is prepared once a step.
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto x, auto y, auto dy, auto p, auto dx, auto pass) const noexcept {
        if constexpr (asks_at_run_time<decltype(dx)>)
            if (this->winograd_on(dx, pass.scratch).input_gradient)
                return kernels::winograd::conv_input_gradient<How>(dy, p.weight.data(), dx,
                                                                   this->window_of(dx), pass.scratch);
        if constexpr (!kernels::ConstantExtents<decltype(dx)>) {
            kernels::conv_input_gradient<How>(dy, pass.prepared, dx, this->window_of(dx));
        } else if constexpr (
            Arguments::template winograd_parts<decltype(dx), decltype(pass.scratch)>.input_gradient) {
            kernels::winograd::conv_input_gradient<How>(dy, p.weight.data(), dx, this->window_of(dx),
                                                        pass.scratch);
        } else {
            input_gradient<How>(x, y, dy, p, dx);
        }
    }
    /// The same of the parameters. Waits for its turn before it adds.
    constexpr void parameter_gradient(auto x, auto y, auto dy, auto dp, bool overwrite, auto pass,
                                      auto turn) const noexcept {
        if constexpr (asks_at_run_time<decltype(x)>)
            if (this->winograd_on(x, pass.scratch).parameter_gradient)
                return kernels::winograd::conv_parameter_gradient(x, dy, dp.weight.data(),
                                                                  detail::bias_of(dp), this->window_of(x),
                                                                  overwrite, pass.scratch, turn);
        if constexpr (
            Arguments::template winograd_parts<decltype(x), decltype(pass.scratch)>.parameter_gradient) {
            kernels::winograd::conv_parameter_gradient(x, dy, dp.weight.data(), detail::bias_of(dp),
                                                       this->window_of(x), overwrite, pass.scratch, turn);
        } else {
            turn.wait();
            parameter_gradient(x, y, dy, dp, overwrite);
        }
    }
    constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) const noexcept {
        kernels::conv_parameter_gradient(kernels::as_image(x), kernels::as_image(dy), dp.weight.data(),
                                         detail::bias_of(dp), this->window_of(x), overwrite);
    }

  private:
    /// Whether Winograd's algorithm can be what is faster on extents that are known at run time.
    template <class V>
    static constexpr bool asks_at_run_time =
        !kernels::ConstantExtents<V> && lanes_of<typename V::element> > 1;
};

/// Base of Conv, and of the layers like it, with constants for arguments.
template <detail::ConvRule Rule>
struct ConvShapes : ConvOf<detail::ConvConstants<Rule>>, ConvRules<Rule> {
    /// Whether one sample in numbers T takes less time from planes.
    template <class In, class T>
    [[nodiscard]] static consteval bool prefers_planes() noexcept {
        return detail::computes_rows_of_pixels(Rule, In::extents, native_lanes<T>);
    }
    /// Convolution, activation and max pooling over windows of `Size` in one function.
    static constexpr bool takes_max_pool = Rule.type == detail::Convolution::image && Rule.groups == 1;
    template <int Size>
    static constexpr void forward_pooled(auto x, auto p, auto y, auto argmax, auto f) noexcept {
        using Window = decltype(ConvShapes::window_of(x));
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Window, Size>(x, p.weight.data(), detail::bias_of(p), y, f);
        else {
            if constexpr (ConvShapes::template computes_rows_of_pixels<decltype(x)>() &&
                          !std::is_pointer_v<decltype(argmax)>)
                if (!std::is_constant_evaluated())
                    return kernels::one::conv_of_few_filters<Window, Size>(x, p.weight.data(),
                                                                           detail::bias_of(p), y, f);
            kernels::conv_max_pool<Size>(x, p.weight.data(), detail::bias_of(p), y, Window{}, argmax, f);
        }
    }
    /// The same with scratch memory.
    template <int Size>
    static constexpr void forward_pooled(auto x, auto p, auto y, auto argmax, auto f, auto scratch) noexcept {
        if constexpr (detail::is_prepared<decltype(scratch)>)
            kernels::winograd::conv_of_one<ConvShapes::template prepared_tile<decltype(x)>, Size,
                                           decltype(ConvShapes::window_of(x))>(
                x, scratch.parameters, detail::bias_of(p), y, scratch.room, f);
        else if constexpr (Size == 2 &&
                           ConvShapes::template winograd_parts<decltype(x), decltype(scratch)>.forward)
            kernels::winograd::conv_max_pool(x, p.weight.data(), detail::bias_of(p), y,
                                             ConvShapes::window_of(x), argmax, scratch, f);
        else
            forward_pooled<Size>(x, p, y, argmax, f);
    }
    template <int Size>
    static constexpr bool blends = kernels::blended_gradient_fits(Rule.taps(), Size);
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
///   least 1. Where the image is smaller than a gap between taps, a window can have it between them and meet
///   nothing but padding: its output is the bias.
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
struct Conv : layer_bases::ConvWithBias<
                  layer_bases::ConvShapes<detail::conv_rule(
                      Filters, detail::size_argument<Kernel>, detail::size_argument<Stride>,
                      detail::padding_argument<Padding>, detail::size_argument<Dilation>, Groups)>,
                  layer_bases::ConvOf, detail::ConvNumbers> {};

} // namespace lamina

LAMINA_END_IEEE
