// Conv: 2-D convolution (cross-correlation, as everywhere in the field).
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// A padded image may be wider than an int can hold. If the output is, its extent is -1, which is not a
/// shape.
[[nodiscard]] consteval long long padded(int extent, int padding) noexcept {
    return extent + 2LL * padding;
}
[[nodiscard]] consteval int conv_outputs(int extent, int kernel, int stride, int padding) noexcept {
    const long long outputs = (padded(extent, padding) - kernel) / (stride == 0 ? 1 : stride) + 1;
    return outputs <= 2'147'483'647 ? static_cast<int>(outputs) : -1;
}

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// 2-D convolution of an image with a bias for each filter.
///
///     y(o, i, j) = b(o) + sum over c, u, v of  w(c, u, v, o) x(c, i S + u - P, j S + v - P)
///
/// Every filter spans all input channels. x is zero outside its borders. The kernel is not flipped
/// (cross-correlation), as in all frameworks.
///
/// Arguments:
/// - `Filters` F, the number of output channels, at least 1.
/// - `Kernel` K, the height and width of the kernel, at least 1.
/// - `Stride` S, the distance between neighbouring windows in both directions, 1 by default, at least 1.
/// - `Padding` P, the number of zeros on each side of the image, 0 by default, at least 0 and below `Kernel`.
///
/// Shapes: x C,H,W; y F,H',W' with H' = floor((H + 2P - K) / S) + 1 and W' likewise.
///
/// Parameters: weight C,K,K,F and bias F; files hold the weight as PyTorch does, F,C,K,K. The weight is drawn
/// by He's rule if a rectifier such as `ReLU` or `GELU` follows, else by Glorot's; the bias begins as zero.
///
/// Errors: an input that is not an image, a kernel larger than the padded input, and arguments that are not
/// allowed do not compile. In a `Strict` network, neither does a stride that leaves rows or columns over at
/// the far edge.
///
/// PyTorch: `torch.nn.Conv2d(C, F, K, stride=S, padding=P)`, which draws other initial values and has
/// dilation, groups and rectangular kernels too.
///
/// Source: O'Shea & Nash, arXiv:1511.08458, section 2.2.
///
/// Example:
///
///     using Topology = ln::Net<ln::Conv<16, 3>, ln::ReLU, ln::Conv<8, 5, 2, 2>>;
///     using Model = ln::Model<Topology, ln::Shape<3, 32, 32>>;
///     static_assert(Model::layers[0].output == ln::dims{16, 30, 30});
///     static_assert(Model::layers[2].output == ln::dims{8, 15, 15}); // stride 2, padding 2
///     Model model{ln::seed{42}};
///     const Model::Output y = model.forward(Model::Input{});
template <int Filters, int Kernel, int Stride, int Padding>
struct Conv {
    static constexpr Text name = Padding == 0 ? named("Conv", Filters, Kernel, Stride)
                                              : named("Conv", Filters, Kernel, Stride, Padding);

    template <class In>
    using output = Shape<Filters, detail::conv_outputs(height<In>, Kernel, Stride, Padding),
                         detail::conv_outputs(width<In>, Kernel, Stride, Padding)>;
    template <class In>
    using weight = Shape<channels<In>, Kernel, Kernel, Filters>;
    template <class In>
    using bias = Shape<Filters>;
    /// Files have the outputs first, so loading and saving transpose the weight.
    static constexpr bool weight_ends_in_outputs = true;

    template <class In>
    static constexpr long long macs = static_cast<long long>(output<In>::size) * channels<In>* Kernel* Kernel;
    template <class In>
    static constexpr int fan_in = channels<In>* Kernel* Kernel;
    template <class In>
    static constexpr int fan_out = Filters* Kernel* Kernel;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Filters < 1)
            return fault<typename Where::template filters<Filters>::must_be_positive>{};
        else if constexpr (Kernel < 1)
            return fault<typename Where::template kernel<Kernel, Kernel>::must_be_positive>{};
        else if constexpr (Stride < 1)
            return fault<typename Where::template stride<Stride>::must_be_positive>{};
        else if constexpr (Padding < 0)
            return fault<typename Where::template padding<Padding>::must_not_be_negative>{};
        else if constexpr (Padding >= Kernel)
            return fault<
                typename Where::template padding<Padding>::template must_be_smaller_than_kernel<Kernel>>{};
        else if constexpr (!ImageShape<In>)
            return fault<typename Where::template input<In>::is_not_an_image>{};
        else if constexpr (detail::padded(height<In>, Padding) < Kernel ||
                           detail::padded(width<In>, Padding) < Kernel)
            return fault<typename Where::template kernel<Kernel, Kernel>::template does_not_fit_its_input<
                detail::padded(height<In>, Padding), detail::padded(width<In>, Padding)>>{};
        else
            return none{};
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        constexpr long long rows = detail::padded(height<In>, Padding) - Kernel,
                            columns = detail::padded(width<In>, Padding) - Kernel;
        if constexpr (rows % Stride != 0 || columns % Stride != 0)
            return fault<typename Where::template stride<Stride>::template does_not_divide<rows, columns>>{};
        else
            return none{};
    }

    /// The order that the layer needs for one sample's image.
    static constexpr Order one_sample_order = Order::channels_last;
    /// An additional halo that is never read, for planes that would otherwise lie a multiple of 4 KiB apart:
    /// they would share the same sets of the first cache, and a 1x1 kernel moves from plane to plane with
    /// every tap.
    template <class Image>
    static constexpr int spread = Kernel == 1 && channels<Image> > 1 && height<Image>* width<Image> % 64 == 0;
    /// Width of the halo of zeros around the input, and around the gradient of the output when the input's
    /// gradient is computed.
    template <class In, Order O>
    static constexpr int input_halo = Padding + (O == Order::planes ? spread<In> : 0);
    template <class In>
    static constexpr int gradient_halo = [] {
        const int rows = kernels::gradient_halo(height<In>, height<output<In>>, Kernel, Stride, Padding);
        const int columns = kernels::gradient_halo(width<In>, width<output<In>>, Kernel, Stride, Padding);
        return (rows > columns ? rows : columns) + spread<output<In>>;
    }();

    using window = kernels::Window<Kernel, Kernel, Stride, Padding>;

    /// forward applies `pass.after(sum, o, i, j)` to each result before it is stored.
    static constexpr bool takes_activation = true, asks_for_after_alone = true;
    static constexpr bool takes_scale = true;
    static constexpr bool takes_addend = true;
    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Stride, Padding, 1>(x, p.weight, p.bias, y, pass.after);
        else
            kernels::conv(x, p.weight.data(), p.bias.data(), y, window{}, pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        kernels::conv_input_gradient<How>(dy, p.weight, dx, window{});
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) noexcept {
        kernels::conv_parameter_gradient(x, dy, dp.weight.data(), dp.bias.data(), window{}, overwrite);
    }

    /// Convolution, activation and max pooling over windows of `Size` in one function.
    static constexpr bool takes_max_pool = true;
    template <int Size>
    static constexpr void forward_pooled(auto x, auto p, auto y, auto argmax, auto f) noexcept {
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Stride, Padding, Size>(x, p.weight, p.bias, y, f);
        else
            kernels::conv_max_pool<Size>(x, p.weight.data(), p.bias.data(), y, window{}, argmax, f);
    }
    template <int Size>
    static constexpr bool blends = kernels::blended_gradient_fits(Kernel, Size);
    template <int Size>
    static constexpr void parameter_gradient_pooled(auto x, auto y, auto dy, auto argmax, auto dp, auto slope,
                                                    bool overwrite) noexcept {
        kernels::conv_max_pool_parameter_gradient<Stride, Padding, Size>(x, y, dy, argmax, dp.weight, dp.bias,
                                                                         slope, overwrite);
    }
};

} // namespace lamina

LAMINA_END_IEEE
