// Conv: 2-D convolution (cross-correlation, as everywhere in the field).
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv.hpp>
#include <lamina/kernels/conv_gradient.hpp>
#include <lamina/kernels/conv_pool.hpp>
#include <lamina/kernels/one_sample.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The arguments of a Conv, and what follows from them for shapes. (No template, so that it is compiled
/// once.)
struct ConvRule {
    int filters, kernel, stride, padding;

    [[nodiscard]] constexpr Text spelled() const {
        return padding == 0 ? named("Conv", filters, kernel, stride)
                            : named("Conv", filters, kernel, stride, padding);
    }
    /// A padded image may be wider than an int can hold. If the output is, its extent is -1, which is not a
    /// shape.
    [[nodiscard]] constexpr long long padded(int extent) const noexcept { return extent + 2LL * padding; }
    [[nodiscard]] constexpr int outputs(int extent) const noexcept {
        const long long count = (padded(extent) - kernel) / (stride == 0 ? 1 : stride) + 1;
        return count <= 2'147'483'647 ? static_cast<int>(count) : -1;
    }
    [[nodiscard]] constexpr dims outputs(const dims& in) const noexcept {
        return {filters, outputs(in.extent[1]), outputs(in.extent[2])};
    }
    [[nodiscard]] constexpr dims tensor(std::string_view name, const dims& in) const noexcept {
        return name == "weight" ? dims{in.extent[0], kernel, kernel, filters} : dims{filters};
    }
    [[nodiscard]] constexpr initial::drawn fans(const dims& in) const noexcept {
        const int taps = kernel * kernel;
        return {in.extent[0] * taps, filters * taps};
    }
    [[nodiscard]] constexpr long long multiply_adds(const dims& in) const noexcept {
        return static_cast<long long>(outputs(in).size()) * in.extent[0] * kernel * kernel;
    }

    /// An additional halo that is never read, for planes that would otherwise lie a multiple of 4 KiB apart:
    /// they would share the same sets of the first cache, and a 1x1 kernel moves from plane to plane with
    /// every tap.
    [[nodiscard]] constexpr int spread(const dims& image) const noexcept {
        return kernel == 1 && image.extent[0] > 1 && image.extent[1] * image.extent[2] % 64 == 0;
    }
    /// Width of the halo of zeros around the input, and around the gradient of the output when the input's
    /// gradient is computed.
    [[nodiscard]] constexpr int halo_of_input(const dims& in, Order order) const noexcept {
        return padding + (order == Order::planes ? spread(in) : 0);
    }
    [[nodiscard]] constexpr int halo_of_gradient(const dims& in) const noexcept {
        const dims out = outputs(in);
        const auto along = [&](int axis) {
            return kernels::gradient_halo(in.extent[axis], out.extent[axis], kernel, stride, padding);
        };
        return (along(1) > along(2) ? along(1) : along(2)) + spread(out);
    }
};

/// Conv with numbers for arguments.
struct ConvNumbers : ConvRule, WeightAndBiasByNumbers {
    static constexpr std::string_view family = "Conv";
    static constexpr Argument arguments[] = {{"Filters"}, {"Kernel"}, {"Stride", 1}, {"Padding", 0}};

    explicit ConvNumbers(const int* a) noexcept : ConvRule{a[0], a[1], a[2], a[3]} {}
    [[nodiscard]] kernels::RunTimeWindow get_window() const noexcept {
        return {kernel, kernel, ConvRule::stride, ConvRule::padding};
    }
    [[nodiscard]] constexpr long long prepared_extent(const dims& in) const noexcept {
        return static_cast<long long>(tensor("weight", in).size());
    }
    void prepare(auto p, auto* prepared) const noexcept {
        const int taps = kernel * kernel, size = p.weight.size;
        prepare_conv_weight(kernels::ByNumbers{}, p.weight.data(), size / taps / filters, taps, filters,
                            prepared);
    }
    /// Refuses arguments and inputs as `Conv::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        const int K = kernel, P = padding;
        where.expect(filters >= 1, "a convolution needs at least 1 filter", "filters<", filters,
                     ">::must_be_positive");
        where.expect(K >= 1, "kernel must be at least 1", "kernel<", K, ",", K, ">::must_be_positive");
        where.expect(stride >= 1, "stride must be at least 1", "stride<", stride, ">::must_be_positive");
        where.expect(P >= 0, "padding must be at least 0", "padding<", P, ">::must_not_be_negative");
        where.expect(P < K,
                     "padding must be smaller than the kernel, otherwise some outputs would see only zeros",
                     "padding<", P, ">::must_be_smaller_than_kernel<", K, ">");
        where.require_image(in);
        where.expect(padded(in[1]) >= K && padded(in[2]) >= K, "kernel is larger than its input", "kernel<",
                     K, ",", K, ">::does_not_fit_its_input<", padded(in[1]), ",", padded(in[2]), ">");
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of Conv. `Arguments` are a `kernels::Window`, or numbers.
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
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Arguments::stride, Arguments::padding, 1>(x, p.weight, p.bias, y, pass.after);
        else
            kernels::conv(x, p.weight.data(), p.bias.data(), y, window(), pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p,
                                  auto dx) const noexcept requires kernels::ConstantExtents<decltype(dx)> {
        kernels::conv_input_gradient<How>(dy, p.weight, dx, window());
    }
    /// With numbers for arguments: from the weight in another order, which is prepared once a step.
    template <kernels::Store How = kernels::Store::overwrite>
    void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx, auto pass) const noexcept {
        kernels::conv_input_gradient<How>(dy, pass.prepared, dx, window());
    }
    constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) const noexcept {
        kernels::conv_parameter_gradient(x, dy, dp.weight.data(), dp.bias.data(), window(), overwrite);
    }

  private:
    [[nodiscard]] constexpr auto window() const noexcept {
        if constexpr (kernels::ConstantWindow<Arguments>)
            return Arguments{};
        else
            return this->get_window();
    }
};

} // namespace lamina::layer_bases

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
struct Conv : layer_bases::ConvOf<kernels::Window<Kernel, Kernel, Stride, Padding>> {
    using by_numbers = layer_bases::ConvOf<detail::ConvNumbers>;
    static constexpr detail::ConvRule rule{Filters, Kernel, Stride, Padding};
    static constexpr Text name = rule.spelled();

    template <class In>
    using output = Shape<Filters, rule.outputs(height<In>), rule.outputs(width<In>)>;
    template <class In>
    using weight = Shape<channels<In>, Kernel, Kernel, Filters>;
    template <class In>
    using bias = Shape<Filters>;

    template <class In>
    static constexpr long long macs = rule.multiply_adds(In::extents);
    template <class In>
    static constexpr int fan_in = rule.fans(In::extents).fan_in;
    template <class In>
    static constexpr int fan_out = rule.fans(In::extents).fan_out;
    template <class In, Order O>
    static constexpr int input_halo = rule.halo_of_input(In::extents, O);
    template <class In>
    static constexpr int gradient_halo = rule.halo_of_gradient(In::extents);

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
        else if constexpr (rule.padded(height<In>) < Kernel || rule.padded(width<In>) < Kernel)
            return fault<typename Where::template kernel<Kernel, Kernel>::template does_not_fit_its_input<
                rule.padded(height<In>), rule.padded(width<In>)>>{};
        else
            return none{};
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        constexpr long long rows = rule.padded(height<In>) - Kernel,
                            columns = rule.padded(width<In>) - Kernel;
        if constexpr (rows % Stride != 0 || columns % Stride != 0)
            return fault<typename Where::template stride<Stride>::template does_not_divide<rows, columns>>{};
        else
            return none{};
    }

    /// Convolution, activation and max pooling over windows of `Size` in one function.
    static constexpr bool takes_max_pool = true;
    template <int Size>
    static constexpr void forward_pooled(auto x, auto p, auto y, auto argmax, auto f) noexcept {
        if constexpr (x.order == Order::channels_last)
            kernels::one::conv<Stride, Padding, Size>(x, p.weight, p.bias, y, f);
        else
            kernels::conv_max_pool<Size>(x, p.weight.data(), p.bias.data(), y,
                                         kernels::Window<Kernel, Kernel, Stride, Padding>{}, argmax, f);
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
