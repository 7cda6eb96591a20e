// BatchNorm: each channel with mean 0 and variance 1 over the mini-batch, then scaled and shifted.
#pragma once

#include <lamina/concepts.hpp>
#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/batch_norm.hpp>
#include <lamina/kernels/batch_norm_running.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/math/functions.hpp>
#include <lamina/parameters.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

struct BatchNormNumbers {
    static constexpr std::string_view family = "BatchNorm";
    static constexpr Argument arguments[] = {{"EpsilonPerMillion", 10}, {"MomentumPercent", 10}};
    int epsilon_per_million, momentum_percent;
    double epsilon = epsilon_per_million / 1e6, momentum = momentum_percent / 1e2;

    explicit BatchNormNumbers(const ArgumentValue* a) noexcept
        : epsilon_per_million{a[0]}, momentum_percent{a[1]} {}
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of BatchNorm: its arguments as constants.
template <int EpsilonPerMillion, int MomentumPercent>
struct BatchNormConstants {
    static constexpr int epsilon_per_million = EpsilonPerMillion, momentum_percent = MomentumPercent;
    static constexpr double epsilon = EpsilonPerMillion / 1e6, momentum = MomentumPercent / 1e2;
};

/// Base of BatchNorm. `Arguments` are constants, or numbers.
template <class Arguments>
struct BatchNormOf : Arguments {
    using Arguments::Arguments;

    [[nodiscard]] constexpr Text spelled() const {
        return this->epsilon_per_million == 10 && this->momentum_percent == 10
                   ? named("BatchNorm")
                   : named("BatchNorm", this->epsilon_per_million, this->momentum_percent);
    }
    [[nodiscard]] constexpr dims tensor(std::string_view /*name*/, const dims& in) const noexcept {
        return {in.extent[0]};
    }

    template <class In>
    using output = In;
    template <class In, class T>
    struct trained {
        View<T, per_channel<In>> weight, bias;

        static constexpr void fields(auto& list, auto f) {
            f("weight", list.weight, initial::constant{1});
            f("bias", list.bias, initial::constant{0});
        }
    };
    template <class In, class T>
    struct kept {
        View<T, per_channel<In>> running_mean, running_var;

        static constexpr void fields(auto& list, auto f) {
            f("running_mean", list.running_mean, initial::constant{0});
            f("running_var", list.running_var, initial::constant{1});
        }
    };
    /// Of each channel the mean, and the sum of squared deviations from it; when all packs are merged, that
    /// sum is replaced by 1 / sigma.
    template <class In>
    struct gathered {
        View<double, per_channel<In>> mean, deviation;

        static constexpr void fields(auto& list, auto f) {
            f("mean", list.mean);
            f("deviation", list.deviation);
        }
    };
    /// Of each channel the sum of dy, and of dy times the normalised x.
    template <class In>
    struct gathered_gradient {
        View<double, per_channel<In>> sum, product;

        static constexpr void fields(auto& list, auto f) {
            f("sum", list.sum);
            f("product", list.product);
        }
    };

    static constexpr double gather(auto x, int samples, auto own) noexcept {
        return kernels::batch_norm_gather(x, samples, own.mean, own.deviation);
    }
    // These three are inlined always, because their names do not tell the target: see abi.hpp.
    [[gnu::always_inline]] static constexpr double merge(double count, auto own, double more_count,
                                                         auto more) noexcept {
        return kernels::batch_norm_merge(count, own.mean, own.deviation, more_count, more.mean,
                                         more.deviation);
    }
    [[gnu::always_inline]] constexpr void finish(double count, auto all, auto own_kept) const noexcept {
        kernels::batch_norm_finish(count, this->momentum, this->epsilon, all.mean, all.deviation,
                                   own_kept.running_mean, own_kept.running_var);
    }

    static constexpr bool takes_activation = true, takes_addend = true, only_scales = true, takes_halo = true,
                          gradient_in_place = true, computed_again = true;
    static constexpr Sees sees = Sees::step;
    static constexpr Order one_sample_order = Order::channels_last;

    /// What it does to a channel in inference, for `fold`.
    [[nodiscard]] constexpr ScaleAndShift scale_and_shift(int channel, auto p, auto own_kept) const noexcept {
        const double scale = static_cast<double>(p.weight[channel]) /
                             sqrt(static_cast<double>(own_kept.running_var[channel]) + this->epsilon);
        return {scale, static_cast<double>(p.bias[channel]) -
                           scale * static_cast<double>(own_kept.running_mean[channel])};
    }
    constexpr void forward(auto x, auto p, auto y, auto pass) const noexcept {
        if constexpr (pass.training)
            kernels::batch_norm(x, pass.gathered.mean, pass.gathered.deviation, p.weight, p.bias, y,
                                pass.after);
        else if constexpr (x.order == Order::channels_last)
            kernels::one::batch_norm(kernels::as_image(x), pass.kept.running_mean, pass.kept.running_var,
                                     this->epsilon, p.weight, p.bias, kernels::as_image(y),
                                     kernels::with_indices_of_image<decltype(y)>(pass.after));
        else
            kernels::batch_norm_running(x, pass.kept.running_mean, pass.kept.running_var, this->epsilon,
                                        p.weight, p.bias, y, pass.after);
    }
    static constexpr void gather_gradient(auto x, auto dy, auto all, auto own, auto through) noexcept {
        kernels::batch_norm_gather_gradient(x, dy, all.mean, all.deviation, own.sum, own.product, through);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto p, auto dx, auto pass) noexcept {
        kernels::batch_norm_input_gradient<How>(x, dy, pass.samples.count, pass.gathered.mean,
                                                pass.gathered.deviation, pass.gathered_gradient.sum,
                                                pass.gathered_gradient.product, pass.count, p.weight, dx);
    }
    [[gnu::always_inline]] static constexpr void parameter_gradient(auto all, auto dp) noexcept {
        using T = typename decltype(dp.weight)::element;
        for (int c = 0; c < dp.weight.size; ++c) {
            dp.weight[c] += static_cast<T>(all.product[c]);
            dp.bias[c] += static_cast<T>(all.sum[c]);
        }
    }

    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(this->epsilon_per_million >= 1, "epsilon must be at least 1 in a million",
                     "epsilon_per_million<", this->epsilon_per_million, ">::must_be_positive");
        where.expect(this->momentum_percent >= 0 && this->momentum_percent <= 100,
                     "momentum must be from 0 to 100 percent", "momentum_percent<", this->momentum_percent,
                     ">::must_be_from_0_to_100");
    }
};

template <int EpsilonPerMillion, int MomentumPercent>
using ConstantBatchNorm = BatchNormOf<BatchNormConstants<EpsilonPerMillion, MomentumPercent>>;

} // namespace lamina::layer_bases

namespace lamina {

/// Batch normalisation: each channel with mean 0 and variance 1 over the mini-batch, then scaled and shifted.
///
///     y = weight(c) (x - mean(c)) / sqrt(var(c) + epsilon) + bias(c)
///     running_mean(c) += momentum (mean(c) - running_mean(c))
///     running_var(c) += momentum (var(c) N / (N - 1) - running_var(c))
///
/// In training mean and variance are those of the N elements of the channel in the whole mini-batch, however
/// many threads and lanes compute it. The biased variance normalises, the unbiased one is remembered. In
/// inference the running statistics take their place. A layer before it needs no bias.
///
/// Arguments: `EpsilonPerMillion`, 10 by default (1e-5), at least 1. `MomentumPercent`, 10 by default (0.1),
/// from 0 to 100. Write `BatchNorm<>` for the defaults.
///
/// Shapes: x C,H,W or C; y the same. Of a vector each element is a channel.
///
/// Parameters: weight C, which begins at 1; bias C, at 0. Kept beside them, in files too, but not trained:
/// running_mean C, which begins at 0; running_var C, at 1.
///
/// Errors: an epsilon below 1 and a momentum outside 0 to 100 do not compile. A step on one sample in which a
/// channel has one element throws: its variance is unknown.
///
/// PyTorch: `torch.nn.BatchNorm2d(C)` and `torch.nn.BatchNorm1d(C)`, with the same defaults.
///
/// Source: Ioffe & Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
/// Covariate Shift", ICML 2015, Algorithms 1 and 2.
///
/// Example:
///
///     using Block = ln::Net<ln::Conv<16, 3>, ln::BatchNorm<>, ln::ReLU, ln::Dense<10>, ln::BatchNorm<>>;
///     using Model = ln::Model<Block, ln::Shape<3, 9, 9>>;
///     static_assert(Model::layers[1].parameters == 32);
///     using Imported = ln::BatchNorm<1000, 1>; // an epsilon of 0.001 and a momentum of 0.01
template <int EpsilonPerMillion, int MomentumPercent>
struct BatchNorm : layer_bases::ConstantBatchNorm<EpsilonPerMillion, MomentumPercent> {
    using by_numbers = layer_bases::BatchNormOf<detail::BatchNormNumbers>;
    static constexpr Text name =
        layer_bases::BatchNormOf<layer_bases::BatchNormConstants<EpsilonPerMillion, MomentumPercent>>{}
            .spelled();

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (EpsilonPerMillion < 1)
            return fault<typename Where::template epsilon_per_million<EpsilonPerMillion>::must_be_positive>{};
        else if constexpr (MomentumPercent < 0 || MomentumPercent > 100)
            return fault<typename Where::template momentum_percent<MomentumPercent>::must_be_from_0_to_100>{};
        else
            return none{};
    }
};

} // namespace lamina

LAMINA_END_IEEE
