// PReLU: x, or a trained fraction of it below zero.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/channels.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/pack.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

struct PReLUNumbers : WeightByNumbers {
    static constexpr std::string_view family = "PReLU";
    static constexpr Argument arguments[] = {{"Slopes", 1}};
    int slopes;

    explicit PReLUNumbers(const ArgumentValue* a) noexcept : slopes{a[0]} {}
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of PReLU: its arguments as constants.
template <int Slopes>
struct PReLUConstants {
    static constexpr int slopes = Slopes;
};

/// Base of PReLU. `Arguments` are constants, or numbers.
template <class Arguments>
struct PReLUOf : Arguments {
    using Arguments::Arguments;
    static constexpr Sees sees = Sees::step;
    static constexpr double initial_weight = 0.25, negative_slope = initial_weight;

    [[nodiscard]] constexpr Text spelled() const {
        return this->slopes == 1 ? named("PReLU") : named("PReLU", this->slopes);
    }
    template <class In>
    using output = In;
    [[nodiscard]] constexpr dims tensor(std::string_view /*weight*/, const dims& /*in*/) const noexcept {
        return {this->slopes};
    }

    constexpr void forward(auto x, auto p, auto y) const noexcept {
        map(
            y, p.weight, [](auto a, auto e) __attribute__((always_inline)) {
                return select(e > decltype(e)(0), e, e * decltype(e)(a));
            },
            x);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto p, auto dx) const noexcept {
        map<How>(
            dx, p.weight, [](auto a, auto g, auto e) __attribute__((always_inline)) {
                return select(e > decltype(e)(0), g, g * decltype(e)(a));
            },
            dy, x);
    }
    constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp) const noexcept {
        for (int c = 0; c < kernels::first_extent(x); ++c)
            dp.weight[this->slopes == 1 ? 0 : c] += lane_sum(kernels::sum_of_channel(
                c, [](auto g, auto e) __attribute__((always_inline)) {
                    return g * select(e > decltype(e)(0), decltype(e)(0), e);
                },
                dy, x));
    }

    void require_fit(const dims& in, const auto& where) const {
        where.expect(this->slopes == 1 || this->slopes == in[0],
                     "a PReLU has 1 slope, or as many as its input has channels", "slopes<", this->slopes,
                     ">::are_not_one_or_the_channels<", in[0], ">");
    }

  private:
    /// y = f(slope, x, ...), or y += f(slope, x, ...)
    template <kernels::Store How = kernels::Store::overwrite>
    constexpr void map(auto y, auto given, auto f, auto... x) const noexcept {
        if (this->slopes == 1) {
            const auto a = given[0];
            kernels::map<How>(
                y, [=](auto... e) __attribute__((always_inline)) { return f(a, e...); }, x...);
        } else {
            kernels::map_channels<How>(
                y, [=](int c, auto... e) __attribute__((always_inline)) { return f(given[c], e...); }, x...);
        }
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// Leaky rectified linear unit whose slope below zero is trained.
///
///     y = x where x > 0, else a x        dx = dy where x > 0, else a dy
///                                        da = sum of x dy where x <= 0
///
/// One slope a for all, or one for each channel. The derivative at 0 is a. The slope can become any number,
/// so the layer keeps its input, and counts as a weight: `l2` and weight decay draw it towards 0, which its
/// inventors advise against.
///
/// Arguments: `Slopes`, 1 by default, or the number of channels: of an image C, of a vector its length. Write
/// `PReLU<>` for one.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: weight of `Slopes` numbers, which begin as 0.25. The weight of the layer before it is drawn by
/// He's rule.
///
/// Errors: slopes that are neither 1 nor the number of channels do not compile.
///
/// PyTorch: `torch.nn.PReLU(num_parameters=Slopes)`, with the same initial value. Its optimisers decay the
/// slope as well, like all parameters.
///
/// Source: He et al., arXiv:1502.01852, section 2.1.
///
/// Example:
///
///     using Topology = ln::Net<ln::Conv<8, 3>, ln::PReLU<8>, ln::Dense<4>, ln::PReLU<>>;
///     using Model = ln::Model<Topology, ln::Shape<3, 9, 9>>;
///     static_assert(Model::layers[1].parameters == 8 && Model::layers[3].parameters == 1);
///     Model model{ln::seed{42}};
///     model.weight<1>()[7] = 0.1F; // the slope of the last channel
template <int Slopes>
struct PReLU : layer_bases::PReLUOf<layer_bases::PReLUConstants<Slopes>> {
    using by_numbers = layer_bases::PReLUOf<detail::PReLUNumbers>;
    static constexpr Text name = Slopes == 1 ? named("PReLU") : named("PReLU", Slopes);

    static constexpr bool takes_halo = true;

    template <class In>
    using weight = Shape<Slopes>;

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Slopes != 1 && Slopes != kernels::channel_count<In>)
            return fault<typename Where::template slopes<Slopes>::template are_not_one_or_the_channels<
                kernels::channel_count<In>>>{};
        else
            return none{};
    }
};

} // namespace lamina

LAMINA_END_IEEE
