// The arguments of layers that are convolutions, as constants and as numbers: shapes, and what is refused.
#pragma once

#include <lamina/abi.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/conv_input_gradient.hpp>
#include <lamina/kernels/extents.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/kernels/winograd_one_sample.hpp>
#include <lamina/layers/conv_rule.hpp>
#include <lamina/layers/window_rule.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/text.hpp>

#include <string_view>
#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// Constants for the arguments of a convolution.
template <ConvRule Rule>
struct ConvConstants {
    template <class X>
    [[nodiscard, gnu::always_inline]] static constexpr auto window_of(const X& /*x*/) noexcept {
        return kernels::Window<Rule.window(X::shape::extents)>{};
    }
    /// The parts that Winograd's algorithm computes of a batch on x, with that memory.
    template <class X, class Scratch>
    static constexpr kernels::winograd::Parts winograd_parts = lanes_of<std::remove_pointer_t<Scratch>> > 1
                                                                   ? detail::winograd_parts(Rule,
                                                                                            X::shape::extents)
                                                                   : kernels::winograd::Parts{};
    /// Whether one sample x in planes is computed with pixels in lanes.
    template <class X>
    [[nodiscard]] static consteval bool computes_rows_of_pixels() noexcept {
        using E = typename X::element;
        return X::order == Order::planes && lanes_of<E> == 1 &&
               detail::computes_rows_of_pixels(Rule, X::shape::extents, native_lanes<E>);
    }
    /// The rows of its tiles for one sample in a `Prepared` model.
    template <class X>
    static constexpr int prepared_tile = winograd_of_one(Rule, X::shape::extents).tile;
};

/// Numbers for the arguments of a convolution.
struct ConvByNumbers : ConvRule {
    static constexpr Sees sees = Sees::all; // at least, it takes a sequence as a whole
    template <class X, class Scratch>
    static constexpr kernels::winograd::Parts winograd_parts{}; // see `winograd_on`
    template <class X>
    [[nodiscard]] static consteval bool computes_rows_of_pixels() noexcept {
        return false;
    }

    [[nodiscard]] kernels::RunTimeWindow window_of(const auto& x) const noexcept {
        return window(x.geometry().extents);
    }
    /// The parts that Winograd's algorithm computes on x: none if there is no memory for it.
    [[nodiscard]] kernels::winograd::Parts winograd_on(const auto& x, const auto* scratch) const noexcept {
        return scratch != nullptr ? detail::winograd_parts(*this, x.geometry().extents)
                                  : kernels::winograd::Parts{};
    }
    [[nodiscard]] constexpr long long scratch_on(const dims& in) const noexcept {
        const Scratch scratch = detail::winograd_scratch(*this, in);
        return scratch.forward > scratch.backward ? scratch.forward : scratch.backward;
    }
    [[nodiscard]] constexpr long long prepared_extent(const dims& in) const noexcept {
        return static_cast<long long>(tensor("weight", in).size());
    }
    void prepare(auto p, auto* prepared) const noexcept {
        const int all = p.weight.geometry().extents.extent[p.weight.geometry().extents.rank - 1];
        prepare_conv_weight(kernels::ByNumbers{}, p.weight.data(), p.weight.size / taps() / all, taps(), all,
                            prepared);
    }
    /// Refuses arguments and inputs as `ConvRules::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        const auto K = to_text(kernel), S = to_text(stride), D = to_text(dilation),
                   P = to_text(padding.sides);
        const std::string_view k = K, s = S, d = D, p = P;
        const int KH = kernel.height, KW = kernel.width;
        if (is_depthwise())
            where.expect(filters >= 1, "a depthwise convolution has at least 1 filter for each channel",
                         "multiplier<", filters, ">::must_be_positive");
        else
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
        where.expect(!sees_only_padding() || !is_transposed(),
                     "padding must be smaller than the kernel, otherwise some inputs would count for nothing",
                     "padding<", p, ">::must_be_smaller_than_transposed_kernel<", k, ">");
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
        if (is_transposed()) {
            const long long height = transposed_height(in), width = transposed_width(in);
            where.expect(height >= 1 && width >= 1, "padding must leave at least one row and one column",
                         "padding<", p, ">::leaves_no_output<", height, ",", width, ">");
            const long long rows_ = uncut(rows(in)), columns_ = uncut(columns(in));
            where.expect(fits_an_int_as_plane(rows_, columns_),
                         "before its padding is cut off, the output must have at most 2,147,483,647 rows "
                         "times columns",
                         "uncut_output<", rows_, ",", columns_, ">::is_too_large");
            return;
        }
        where.expect(fits(in) || dilation == size{1}, "kernel with its dilation is larger than its input",
                     "kernel<", KH, ",", KW, ">::dilated_by<", dilation.height, ",", dilation.width,
                     ">::does_not_fit_its_input<", padded_height(in), ",", padded_width(in), ">");
        where.expect(fits(in), "kernel is larger than its input", "kernel<", KH, ",", KW,
                     ">::does_not_fit_its_input<", padded_height(in), ",", padded_width(in), ">");
        require_countable(*this, in, where);
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of Conv, and of the layers like it, with constants for arguments: the rules of shapes.
template <detail::ConvRule Rule>
struct ConvRules {
    static constexpr detail::ConvRule rule = Rule;
    static constexpr Text name = rule.rule_name();
    static constexpr Sees sees = rule.sees_of_sequence();

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
    template <class In>
    [[nodiscard]] static consteval Scratch scratch() noexcept {
        return detail::winograd_scratch(rule, In::extents);
    }
    template <class In>
    [[nodiscard]] static consteval PreparedExtent prepared() noexcept {
        return detail::prepared_conv(rule, In::extents);
    }
    template <class In>
    static void prepare(auto p, auto* to) noexcept {
        kernels::winograd::prepare_weights(p.weight.data(), detail::winograd_of_one(rule, In::extents), to);
    }
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
        else if constexpr (F < 1 && rule.is_depthwise())
            return fault<typename Where::template multiplier<F>::must_be_positive>{};
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
        else if constexpr (rule.sees_only_padding() && rule.is_transposed())
            return fault<detail::with_size<
                detail::with_pad<Where::template padding, P>::template must_be_smaller_than_transposed_kernel,
                K>>{};
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
        else if constexpr (rule.is_transposed()) {
            constexpr long long height = rule.transposed_height(In::extents),
                                width = rule.transposed_width(In::extents);
            if constexpr (height < 1 || width < 1)
                return fault<typename detail::with_pad<Where::template padding,
                                                       P>::template leaves_no_output<height, width>>{};
            else if constexpr (constexpr long long rows = rule.uncut(rule.rows(In::extents)),
                               columns = rule.uncut(rule.columns(In::extents));
                               !detail::fits_an_int_as_plane(rows, columns))
                return fault<typename Where::template uncut_output<rows, columns>::is_too_large>{};
            else
                return none{};
        } else if constexpr (!rule.fits(In::extents) && D != size{1})
            return fault<typename Where::template kernel<K.height, K.width>::template dilated_by<
                D.height, D.width>::template does_not_fit_its_input<rule.padded_height(In::extents),
                                                                    rule.padded_width(In::extents)>>{};
        else if constexpr (!rule.fits(In::extents))
            return fault<typename Where::template kernel<K.height, K.width>::template does_not_fit_its_input<
                rule.padded_height(In::extents), rule.padded_width(In::extents)>>{};
        else if constexpr (rule.is_too_large(In::extents))
            return fault<typename Where::template padded_input<
                rule.padded_height(In::extents), rule.padded_width(In::extents)>::is_too_large>{};
        else
            return none{};
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        if constexpr (rule.is_transposed())
            return none{}; // nothing is left over
        else
            return detail::find_left_over<rule, In, Where>();
    }
};
/// Base of the same layers: with a bias. `WithoutBias` is one with constants for arguments,
/// `Of<Numbers<...>>` one with numbers.
template <class WithoutBias, template <class Arguments> class Of, template <class Tensors> class Numbers>
struct ConvWithBias : WithoutBias {
    using without_bias = WithoutBias;
    template <class Tensors>
    using by_numbers_with = Of<Numbers<Tensors>>;
    using by_numbers = by_numbers_with<detail::WeightAndBiasByNumbers>;

    template <class In>
    using bias = Shape<WithoutBias::rule.filters_of(In::extents)>;
};

} // namespace lamina::layer_bases

LAMINA_END_IEEE
