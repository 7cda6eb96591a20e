// Base of the layers that give an image another size: AdaptiveAvgPool, Upsample, UpsampleBilinear.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/resample.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/layers/window_rule.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <string_view>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// The arguments of such a layer, and what follows from them for shapes. (No template, so that it is compiled
/// once.) A sequence C,L is an image of one row, of which a number is the extent, or the factor, along the
/// row.
struct ResampleRule {
    kernels::Resampling how;
    size given;

    [[nodiscard]] constexpr bool is_positive() const noexcept {
        return given.height >= 1 && given.width >= 1;
    }
    [[nodiscard]] constexpr bool fits_a_sequence() const noexcept {
        return given.height == given.width || given.height == 1;
    }
    [[nodiscard]] constexpr dims outputs(const dims& in) const noexcept {
        const bool is_factor = how != kernels::Resampling::mean;
        const long long height = 1LL * given.height * (is_factor ? in.extent[1] : 1),
                        width = 1LL * given.width * (is_factor ? in.extent[in.rank - 1] : 1);
        if (in.is_sequence)
            return sequence_like(in, width, in.extent[0]);
        return in.rank == 2 ? dims{in.extent[0], width} : dims{in.extent[0], height, width};
    }
    [[nodiscard]] constexpr Text rule_name() const {
        constexpr std::string_view names[] = {"Upsample", "UpsampleBilinear", "AdaptiveAvgPool"};
        return named(names[static_cast<int>(how)], given);
    }
};

/// Numbers for the arguments of such a layer.
template <kernels::Resampling How>
struct ResampleNumbers : ResampleRule {
    static constexpr auto rule_how = How;

    explicit ResampleNumbers(const ArgumentValue* a) noexcept : ResampleRule{How, a[0].as_extent()} {}
    [[nodiscard]] Text spelled() const { return rule_name(); }
    /// Refuses arguments and inputs as `ResampleConstants::find_fault` does, at run time.
    void require_fit(const dims& in, const auto& where) const {
        if constexpr (How == kernels::Resampling::mean)
            where.expect(is_positive(), "an AdaptiveAvgPool gives at least 1 row and 1 column",
                         "output_size<", given.height, ",", given.width, ">::must_be_positive");
        else
            where.expect(is_positive(), "the factor of an Upsample must be at least 1", "upsampling<",
                         given.height, ",", given.width, ">::must_be_positive");
        where.require_image_or_sequence(in);
        if (!fits_a_sequence())
            where.require_image(in);
    }
};

struct AdaptiveAvgPoolNumbers : ResampleNumbers<kernels::Resampling::mean> {
    static constexpr std::string_view family = "AdaptiveAvgPool";
    static constexpr Argument arguments[] = {{"Size", ArgumentKind::extent}};
    using ResampleNumbers::ResampleNumbers;
};
struct UpsampleNumbers : ResampleNumbers<kernels::Resampling::nearest> {
    static constexpr std::string_view family = "Upsample";
    static constexpr Argument arguments[] = {{"Factor", ArgumentKind::extent}};
    using ResampleNumbers::ResampleNumbers;
};
struct UpsampleBilinearNumbers : ResampleNumbers<kernels::Resampling::bilinear> {
    static constexpr std::string_view family = "UpsampleBilinear";
    static constexpr Argument arguments[] = {{"Factor", ArgumentKind::extent}};
    using ResampleNumbers::ResampleNumbers;
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of AdaptiveAvgPool, Upsample and UpsampleBilinear. `Arguments` are constants, or numbers.
template <class Arguments>
struct ResampleOf : Arguments {
    using Arguments::Arguments;
    static constexpr bool is_pool = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;
    static constexpr Order one_sample_order = Order::channels_last;

    constexpr void forward(auto x, auto /*p*/, auto y) const noexcept {
        kernels::resample(kernels::as_image(x), kernels::as_image(y), Arguments::rule_how);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) const noexcept {
        kernels::resample_gradient<How>(kernels::as_image(dy), kernels::as_image(dx), Arguments::rule_how);
    }
};

/// Base of these layers: their arguments as constants.
template <detail::ResampleRule Rule>
struct ResampleConstants {
    static constexpr auto rule_how = Rule.how;
    static constexpr Text name = Rule.rule_name();

    template <class In>
    static constexpr dims output_extents = Rule.outputs(In::extents);
    template <class In>
    using output = detail::shape_with<output_extents<In>>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        constexpr int H = Rule.given.height, W = Rule.given.width;
        if constexpr (Rule.given == detail::not_a_size && Rule.how == kernels::Resampling::mean)
            return fault<typename Where::size_is_neither_a_number_nor_a_size>{};
        else if constexpr (Rule.given == detail::not_a_size)
            return fault<typename Where::factor_is_neither_a_number_nor_a_size>{};
        else if constexpr (!Rule.is_positive() && Rule.how == kernels::Resampling::mean)
            return fault<typename Where::template output_size<H, W>::must_be_positive>{};
        else if constexpr (!Rule.is_positive())
            return fault<typename Where::template upsampling<H, W>::must_be_positive>{};
        else if constexpr (!is_image(In::extents))
            return fault<typename Where::template input<In>::is_neither_an_image_nor_a_sequence>{};
        else if constexpr (In::rank == 2 && !Rule.fits_a_sequence())
            return fault<typename Where::template input<In>::is_not_an_image>{};
        else
            return none{};
    }
};

template <kernels::Resampling How, auto Given>
using Resample = ResampleOf<ResampleConstants<detail::ResampleRule{How, detail::size_argument<Given>}>>;

} // namespace lamina::layer_bases

LAMINA_END_IEEE
