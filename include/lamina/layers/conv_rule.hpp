// ConvRule: the arguments of a convolution, and what follows from them for shapes.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/one_sample_pixels.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/kernels/winograd_conv.hpp>
#include <lamina/kernels/winograd_one_sample.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/window_rule.hpp>
#include <lamina/parameters.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string_view>

namespace lamina::inline LAMINA_ABI::detail {

/// The layers that are convolutions.
enum class Convolution { image, sequence, depthwise, transposed, causal };

/// The arguments of a Conv, and what follows from them for shapes. (No template, so that it is compiled
/// once.) In a depthwise convolution each channel is a group, and `filters` are those of each. A sequence C,L
/// is an image of one row. A transposed convolution mirrors another one: its forward is that one's input
/// gradient.
struct ConvRule : WindowRule {
    Convolution type;
    int filters, groups;

    [[nodiscard]] constexpr bool is_depthwise() const noexcept { return type == Convolution::depthwise; }
    [[nodiscard]] constexpr bool is_1d() const noexcept {
        return type == Convolution::sequence || is_causal();
    }
    [[nodiscard]] constexpr bool is_causal() const noexcept { return type == Convolution::causal; }
    /// (An image layer takes a sequence as a whole, too: to refuse it.)
    [[nodiscard]] constexpr Sees sees_of_sequence() const noexcept {
        const bool one_step = is_1d() && kernel.width == 1 && stride.width == 1;
        return is_causal() ? Sees::past : one_step ? Sees::step : Sees::all;
    }
    [[nodiscard]] constexpr bool is_transposed() const noexcept { return type == Convolution::transposed; }
    /// The Conv, with as many filters as the input has channels, that maps the outputs back to the inputs.
    [[nodiscard]] constexpr ConvRule mirrored(const dims& in) const noexcept {
        return {{kernel, stride, padding, dilation}, Convolution::image, in.extent[0], groups};
    }
    [[nodiscard]] constexpr int groups_of(const dims& in) const noexcept {
        return is_depthwise() ? in.extent[0] : groups;
    }
    [[nodiscard]] constexpr int filters_of(const dims& in) const noexcept {
        const long long all = is_depthwise() ? 1LL * in.extent[0] * filters : filters;
        return all <= 2'147'483'647 ? static_cast<int>(all) : -1; // which is no shape
    }
    [[nodiscard]] constexpr int channels_of_group(const dims& in) const noexcept {
        return is_depthwise() ? 1 : in.extent[0] / (groups < 1 ? 1 : groups);
    }
    /// The layer's name with its arguments, without those that are defaults at the end.
    [[nodiscard]] constexpr Text rule_name() const {
        constexpr std::string_view names[] = {"Conv", "Conv1D", "DepthwiseConv", "TransposedConv",
                                              "CausalConv"};
        Text text;
        text << names[static_cast<int>(type)] << "<";
        if (is_causal()) {
            text << filters << "," << kernel.width;
            if (dilation.width != 1 || groups != 1)
                text << "," << dilation.width;
            if (groups != 1)
                text << "," << groups;
            return text << ">";
        }
        if (!is_depthwise())
            text << filters << ",";
        const auto extent = [&](const size& s) { // of a sequence the width
            if (is_1d())
                text << s.width;
            else
                text << s;
        };
        extent(kernel);
        text << ",";
        extent(stride);
        const int last = is_depthwise() ? filters : groups;
        const int left = last != 1                                      ? 3
                         : dilation != size{1}                          ? 2
                         : padding.is_same || !(padding.sides == pad{}) ? 1
                                                                        : 0;
        if (left >= 1) {
            text << ",";
            if (padding.is_same)
                text << "same";
            else if (is_1d() && padding.is_number)
                text << padding.sides.left;
            else
                text << padding.sides;
        }
        if (left >= 2) {
            text << ",";
            extent(dilation);
        }
        if (left >= 3)
            text << "," << last;
        return text << ">";
    }
    /// The outputs of a transposed convolution along an axis. With `same` there are `stride` for each input.
    [[nodiscard]] constexpr long long transposed_outputs(const WindowAxis& axis, int before,
                                                         int behind) const noexcept {
        return padding.is_same ? 1LL * axis.extent * axis.stride
                               : (axis.extent - 1LL) * axis.stride + axis.reach() - before - behind;
    }
    [[nodiscard]] constexpr long long transposed_height(const dims& in) const noexcept {
        return transposed_outputs(rows(in), padding.sides.top, padding.sides.bottom);
    }
    [[nodiscard]] constexpr long long transposed_width(const dims& in) const noexcept {
        return transposed_outputs(columns(in), padding.sides.left, padding.sides.right);
    }
    /// The outputs of a transposed convolution along an axis before its padding is cut off.
    [[nodiscard]] constexpr long long uncut(const WindowAxis& axis) const noexcept {
        const long long all = (axis.extent - 1LL) * axis.stride + axis.reach(),
                        same = padding.is_same ? 1LL * axis.extent * axis.stride : 0;
        return all < same ? same : all;
    }
    [[nodiscard]] constexpr dims outputs(const dims& in) const noexcept {
        if (is_transposed())
            return {filters, transposed_height(in), transposed_width(in)};
        return outputs_in(filters_of(in), in);
    }
    /// That of a transposed convolution slides over its output.
    [[nodiscard]] constexpr kernels::RunTimeWindow window(const dims& in) const noexcept {
        if (is_transposed())
            return mirrored(in).window(outputs(in));
        const pad p = sides(in);
        const size d = between_taps(), s = steps(in);
        return {kernel.height, kernel.width, s.height, s.width,      p.top,
                p.left,        d.height,     d.width,  groups_of(in)};
    }

    [[nodiscard]] constexpr dims tensor(std::string_view name, const dims& in) const noexcept {
        if (name != "weight")
            return {filters_of(in)};
        if (is_transposed())
            return mirrored(in).tensor(name, outputs(in));
        return in.rank == 2 ? dims{channels_of_group(in), kernel.width, filters_of(in)}
                            : dims{channels_of_group(in), kernel.height, kernel.width, filters_of(in)};
    }
    /// The windows of a transposed convolution overlap: an output sees a share of the taps on average.
    [[nodiscard]] constexpr initial::drawn fans(const dims& in) const noexcept {
        if (is_transposed()) {
            const long long seen =
                1LL * channels_of_group(in) * taps() / (1LL * stride.height * stride.width);
            return {seen < 1 ? 1 : static_cast<int>(seen), filters / groups * taps()};
        }
        return {channels_of_group(in) * taps(), filters_of(in) / groups_of(in) * taps()};
    }
    [[nodiscard]] constexpr long long multiply_adds(const dims& in) const noexcept {
        if (is_transposed())
            return mirrored(in).multiply_adds(outputs(in));
        return static_cast<long long>(outputs(in).size()) * channels_of_group(in) * taps();
    }

    /// An additional halo that is never read, for planes that would otherwise lie a multiple of 4 KiB apart:
    /// they would share the same sets of the first cache, and a 1x1 kernel moves from plane to plane with
    /// every tap.
    [[nodiscard]] constexpr pad apart(const dims& image) const noexcept {
        return image.rank == 3 && taps() == 1 && image.extent[0] > 1 &&
                       image.extent[1] * image.extent[2] % 64 == 0
                   ? 1
                   : 0;
    }
    /// The halo of zeros around the input: what is padding and meets a window.
    [[nodiscard]] constexpr pad halo_of_input(const dims& in, Order order) const noexcept {
        if (is_transposed())
            return mirrored(in).halo_of_gradient(outputs(in));
        const pad p = sides(in);
        const dims out = outputs(in);
        const int height = out.rank == 2 ? 1 : out.extent[1], width = out.extent[out.rank - 1];
        const auto behind = [](const WindowAxis& axis, int count, int before) {
            const long long last = (count - 1LL) * axis.stride + axis.reach() - before - axis.extent;
            return last > 0 ? static_cast<int>(last) : 0;
        };
        const pad read{p.top, behind(rows(in), height, p.top), p.left, behind(columns(in), width, p.left)};
        return order == Order::planes ? covering(read, apart(in)) : read;
    }
    /// That around the gradient of the output when the input's gradient is computed.
    [[nodiscard]] constexpr pad halo_of_gradient(const dims& in) const noexcept {
        if (is_transposed())
            return mirrored(in).halo_of_input(outputs(in), Order::planes);
        const dims out = outputs(in);
        return covering(kernels::gradient_halo(columns(in).extent, out.extent[out.rank - 1], kernel.width,
                                               stride.width, between_taps().width, sides(in).left),
                        apart(out));
    }
};

// (No members, so that programs have no debug information of them.)

/// Whether a convolution is one that Winograd's algorithm can compute.
[[nodiscard]] constexpr bool is_for_winograd(const ConvRule& rule, const dims& in) noexcept {
    return rule.type == Convolution::image && rule.groups == 1 && rule.kernel == size{3} &&
           rule.stride == size{1} && rule.dilation == size{1} && in.rank == 3 && !in.is_sequence;
}
/// The parts of a convolution that Winograd's algorithm computes in less time than the sum that defines them.
[[nodiscard]] constexpr kernels::winograd::Parts winograd_parts(const ConvRule& rule,
                                                                const dims& in) noexcept {
    return is_for_winograd(rule, in) ? kernels::winograd::parts_that_pay(in, rule.outputs(in))
                                     : kernels::winograd::Parts{};
}
/// The memory for them, of a batch of floats.
[[nodiscard]] constexpr Scratch winograd_scratch(const ConvRule& rule, const dims& in) noexcept {
    const auto parts = winograd_parts(rule, in);
    if (parts.none())
        return {};
    constexpr int lanes = native_lanes<float>, bytes = sizeof(pack<float>);
    const int C = in.extent[0], F = rule.filters;
    Scratch scratch{0, 0, "Winograd"};
    if (parts.forward)
        scratch.forward = kernels::winograd::ConvMemory(C, F, lanes, bytes).extent;
    if (parts.input_gradient)
        scratch.backward = kernels::winograd::ConvMemory(F, C, lanes, bytes).extent;
    if (const kernels::winograd::GradientMemory of_weights(C, F, lanes, bytes);
        parts.parameter_gradient && of_weights.extent > scratch.backward)
        scratch.backward = of_weights.extent;
    return scratch;
}

/// The same of one sample, with weights that were transformed before.
[[nodiscard]] constexpr kernels::winograd::OneSample winograd_of_one(const ConvRule& rule,
                                                                     const dims& in) noexcept {
    const dims out = rule.outputs(in);
    const int tile = kernels::winograd::tile_of_one_sample(in, out);
    return {in.extent[0],        rule.filters, tile, kernels::winograd::count_of_tiles(out, tile),
            native_lanes<float>, sizeof(float)};
}
[[nodiscard]] constexpr PreparedExtent prepared_conv(const ConvRule& rule, const dims& in) noexcept {
    if (!is_for_winograd(rule, in))
        return {};
    const auto one = winograd_of_one(rule, in);
    return one.tile == 0 ? PreparedExtent{} : PreparedExtent{one.weights(), one.room()};
}

/// Whether one sample is computed with pixels in lanes, from an image in planes, unless others want it as
/// pixels. To order an input by planes costs more than a kernel of one tap gains, but a single channel is in
/// both orders.
[[nodiscard]] constexpr bool computes_rows_of_pixels(const ConvRule& rule, const dims& in,
                                                     int lanes) noexcept {
    return (rule.type == Convolution::image || rule.type == Convolution::sequence) && rule.groups == 1 &&
           rule.stride == size{1} && (rule.taps() > 1 || in.extent[0] == 1) &&
           kernels::one::are_few_filters(rule.filters, rule.outputs(in).extent[in.rank - 1], lanes);
}

[[nodiscard]] constexpr ConvRule conv_rule(int filters, size kernel, size stride, Padding padding,
                                           size dilation, int groups) noexcept {
    return {{kernel, stride, padding, dilation}, Convolution::image, filters, groups};
}
[[nodiscard]] constexpr ConvRule depthwise_rule(size kernel, size stride, Padding padding, size dilation,
                                                int multiplier) noexcept {
    return {{kernel, stride, padding, dilation}, Convolution::depthwise, multiplier, 1};
}
[[nodiscard]] constexpr ConvRule transposed_rule(int filters, size kernel, size stride, Padding padding,
                                                 size dilation, int groups) noexcept {
    return {{kernel, stride, padding, dilation}, Convolution::transposed, filters, groups};
}
/// As many zeros before the first element that no output sees a later one.
[[nodiscard]] constexpr ConvRule causal_rule(int filters, int kernel, int dilation, int groups) noexcept {
    const long long before = (kernel - 1LL) * dilation;
    return {{size{1, kernel}, size{1}, pad{0, 0, static_cast<int>(before), 0}, size{1, dilation}},
            Convolution::causal,
            filters,
            groups};
}
/// A number is padding before and behind.
[[nodiscard]] constexpr ConvRule sequence_rule(int filters, int kernel, int stride, Padding padding,
                                               int dilation, int groups) noexcept {
    if (padding.is_number)
        padding.sides.top = padding.sides.bottom = 0;
    return {{size{1, kernel}, size{1, stride}, padding, size{1, dilation}},
            Convolution::sequence,
            filters,
            groups};
}

} // namespace lamina::inline LAMINA_ABI::detail
