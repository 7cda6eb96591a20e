// Bases of the pooling layers: the shape rules that they share.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/window.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/window_rule.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The arguments of a pool, and what follows from them for shapes. (No template, so that it is compiled
/// once.)
struct PoolRule : WindowRule {
    /// On inputs of that shape: of a sequence C,L, which is an image of one row, a number is the extent along
    /// the row.
    [[nodiscard]] constexpr PoolRule on(const dims& in) const noexcept {
        PoolRule rule = *this;
        if (in.rank != 2)
            return rule;
        if (kernel.height == kernel.width)
            rule.kernel.height = 1;
        rule.stride.height = 1;
        if (padding.is_number)
            rule.padding.sides.top = rule.padding.sides.bottom = 0;
        return rule;
    }
    [[nodiscard]] constexpr dims outputs(const dims& in) const noexcept {
        return on(in).outputs_in(in.extent[0], in);
    }
    [[nodiscard]] constexpr kernels::RunTimeWindow window(const dims& in) const noexcept {
        const PoolRule r = on(in);
        const pad p = r.sides(in);
        const size s = r.steps(in);
        return {r.kernel.height, r.kernel.width, s.height, s.width, p.top, p.left};
    }
    [[nodiscard]] constexpr bool is_padded() const noexcept {
        return padding.is_same || !(padding.sides == pad{});
    }
    /// The size of square windows that tile an image, if it has no padding; else 0.
    [[nodiscard]] constexpr int tile() const noexcept {
        return kernel == size{kernel.width} && kernel == stride && !is_padded() ? kernel.width : 0;
    }
    /// The layer's name with its arguments, without those that are defaults at the end.
    [[nodiscard]] constexpr Text rule_name(std::string_view layer, bool counts_padding = true) const {
        Text text;
        text << layer << "<" << kernel << "," << stride;
        if (padding.is_same)
            text << ",same";
        else if (is_padded())
            text << "," << padding.sides;
        if (is_padded() && !counts_padding)
            text << ",false";
        return text << ">";
    }
};
[[nodiscard]] constexpr PoolRule pool_rule(size window, size stride, Padding padding) noexcept {
    return {{window, stride, padding, 1}};
}

/// A PoolWindow with numbers for arguments.
struct PoolNumbers : PoolRule {
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;

    explicit PoolNumbers(const ArgumentValue* a) noexcept
        : PoolRule{pool_rule(a[0].as_extent(), a[1].as_extent(), a[2].as_padding())} {}
    [[nodiscard]] kernels::RunTimeWindow window_of(const auto& x) const noexcept {
        return window(x.geometry().extents);
    }
    /// Refuses arguments and inputs as `PoolWindow::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        const auto S = to_text(stride), P = to_text(padding.sides);
        const std::string_view s = S, p = P;
        const auto expect_of = [&](const PoolRule& r, bool fine, std::string_view sentence,
                                   const auto&... problem) {
            where.expect(fine, sentence, "window<", r.kernel.height, ",", r.kernel.width, ">::", problem...);
        };
        expect_of(*this, kernel.height >= 1 && kernel.width >= 1, "pooling window must be at least 1",
                  "must_be_positive");
        where.expect(stride.height >= 1 && stride.width >= 1, "stride must be at least 1", "stride<", s,
                     ">::must_be_positive");
        where.expect(!has_negative_padding(), "padding must be at least 0", "padding<", p,
                     ">::must_not_be_negative");
        where.require_image_or_sequence(in);
        const PoolRule r = on(in);
        const auto K = to_text(r.kernel);
        where.expect(!r.sees_only_padding(),
                     "padding must be smaller than the window, otherwise some windows would see only padding",
                     "padding<", p, ">::must_be_smaller_than_window<", std::string_view{K}, ">");
        expect_of(r, r.fits(in), "pooling window is larger than its input", "does_not_fit_its_input<",
                  r.padded_height(in), ",", r.padded_width(in), ">");
        require_countable(r, in, where);
    }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina {

/// Base of the pooling layers with a window. Arguments and shapes are as MaxPool's.
template <auto Size, auto Stride, auto Padding>
struct PoolWindow {
    static constexpr detail::PoolRule rule = detail::pool_rule(
        detail::size_argument<Size>, detail::size_argument<Stride>, detail::padding_argument<Padding>);
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    // Inlined always, because its name does not tell the target: see abi.hpp.
    template <class X>
    [[nodiscard, gnu::always_inline]] static constexpr auto window_of(const X& /*x*/) noexcept {
        return kernels::Window<rule.window(X::shape::extents)>{};
    }

    template <class In>
    static constexpr dims output_extents = rule.outputs(In::extents);
    template <class In>
    using output = detail::shape_with<output_extents<In>>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        constexpr detail::PoolRule r = rule.on(In::extents);
        constexpr size K = r.kernel;
        constexpr pad P = rule.padding.sides;
        if constexpr (rule.kernel == detail::not_a_size)
            return fault<typename Where::window_is_neither_a_number_nor_a_size>{};
        else if constexpr (rule.stride == detail::not_a_size)
            return fault<typename Where::stride_is_neither_a_number_nor_a_size>{};
        else if constexpr (P == detail::not_a_pad)
            return fault<typename Where::padding_is_neither_a_number_nor_a_pad_nor_same>{};
        else if constexpr (rule.kernel.height < 1 || rule.kernel.width < 1)
            return fault<
                typename Where::template window<rule.kernel.height, rule.kernel.width>::must_be_positive>{};
        else if constexpr (rule.stride.height < 1 || rule.stride.width < 1)
            return fault<typename detail::with_size<Where::template stride, rule.stride>::must_be_positive>{};
        else if constexpr (rule.has_negative_padding())
            return fault<typename detail::with_pad<Where::template padding, P>::must_not_be_negative>{};
        else if constexpr (!is_image(In::extents))
            return fault<typename Where::template input<In>::is_neither_an_image_nor_a_sequence>{};
        else if constexpr (r.sees_only_padding())
            return fault<detail::with_size<
                detail::with_pad<Where::template padding, P>::template must_be_smaller_than_window, K>>{};
        else if constexpr (!r.fits(In::extents))
            return fault<typename Where::template window<K.height, K.width>::template does_not_fit_its_input<
                r.padded_height(In::extents), r.padded_width(In::extents)>>{};
        else if constexpr (r.is_too_large(In::extents))
            return fault<typename Where::template padded_input<r.padded_height(In::extents),
                                                               r.padded_width(In::extents)>::is_too_large>{};
        else
            return none{};
    }
    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault_strictly() noexcept {
        return detail::find_left_over<rule.on(In::extents), In, Where>();
    }
};

} // namespace lamina

namespace lamina::layer_bases {

/// Base of the layers that pool all of a channel.
struct GlobalPool {
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using output = Shape<In::extents.extent[0]>;
    [[nodiscard]] static constexpr dims outputs(const dims& in) noexcept { return {in.extent[0]}; }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (!is_image(In::extents))
            return fault<typename Where::template input<In>::is_neither_an_image_nor_a_sequence>{};
        else
            return none{};
    }
    static void require_fit(const dims& in, const auto& where) { where.require_image_or_sequence(in); }
};

} // namespace lamina::layer_bases

LAMINA_END_IEEE
