// BatchNorm: each channel with mean 0 and variance 1 over the batch, then scaled and shifted.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/parameters.hpp>
#include <lamina/kernels/batch_norm.hpp>
#include <lamina/kernels/batch_norm_running.hpp>
#include <lamina/shape.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

template <int MomentumPercent = 10>
struct BatchNorm {
    static constexpr Text name =
        MomentumPercent == 10 ? named("BatchNorm") : named("BatchNorm", MomentumPercent);
    static constexpr double epsilon = 1e-5, momentum = MomentumPercent / 100.0;
    static constexpr bool takes_activation = true;
    static constexpr bool takes_addend = true;
    static constexpr bool only_scales = true;
    static constexpr Order one_sample_order = Order::channels_last;

    template <class In>
    using output = In;
    template <class In>
    using per_channel = Shape<In::extents[0]>;
    template <class In, class T>
    struct trained {
        View<T, per_channel<In>> weight, bias;
        static constexpr void fields(auto& t, auto f) {
            f("weight", t.weight, initial::constant{1});
            f("bias", t.bias, initial::constant{0});
        }
    };
    template <class In, class T>
    struct kept {
        View<T, per_channel<In>> running_mean, running_var;
        static constexpr void fields(auto& k, auto f) {
            f("running_mean", k.running_mean, initial::constant{0});
            f("running_var", k.running_var, initial::constant{1});
        }
    };
    template <class In>
    struct gathered {
        View<double, per_channel<In>> mean, squares;
        static constexpr void fields(auto& g, auto f) {
            f("mean", g.mean);
            f("squares", g.squares);
        }
    };
    template <class In>
    struct gathered_gradient {
        View<double, per_channel<In>> sum, sum_xhat;
        static constexpr void fields(auto& g, auto f) {
            f("sum", g.sum);
            f("sum_xhat", g.sum_xhat);
        }
    };

    static constexpr double gather(auto x, int samples, auto g) noexcept {
        return kernels::batch_norm_gather(x, samples, g.mean, g.squares);
    }
    static constexpr double merge(double count, auto g, double more, auto more_g) noexcept {
        return kernels::batch_norm_merge(count, g.mean, g.squares, more, more_g.mean, more_g.squares);
    }
    static constexpr void finish(double count, auto g, auto k) noexcept {
        kernels::batch_norm_finish(count, momentum, epsilon, g.mean, g.squares, k.running_mean,
                                   k.running_var);
    }
    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        if constexpr (pass.training)
            kernels::batch_norm(x, pass.gathered.mean, pass.gathered.squares, p.weight, p.bias, y,
                                pass.after);
        else if constexpr (x.order == Order::channels_last)
            kernels::one::batch_norm(x, pass.kept.running_mean, pass.kept.running_var, epsilon, p.weight,
                                     p.bias, y, pass.after);
        else
            kernels::batch_norm_running(x, pass.kept.running_mean, pass.kept.running_var, epsilon, p.weight,
                                        p.bias, y, pass.after);
    }
    static constexpr void gather_gradient(auto x, auto dy, auto g, auto dg) noexcept {
        kernels::batch_norm_gather_gradient(x, dy, g.mean, g.squares, dg.sum, dg.sum_xhat);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto p, auto dx, auto pass) noexcept {
        kernels::batch_norm_input_gradient<How>(x, dy, pass.samples.count, pass.gathered.mean,
                                                pass.gathered.squares, pass.gathered_gradient.sum,
                                                pass.gathered_gradient.sum_xhat, pass.count, p.weight, dx);
    }
    static constexpr void parameter_gradient(auto dg, auto dp) noexcept {
        for (int c = 0; c < dp.bias.size; ++c) {
            using T = typename decltype(dp.bias)::element;
            dp.weight[c] += static_cast<T>(dg.sum_xhat[c]);
            dp.bias[c] += static_cast<T>(dg.sum[c]);
        }
    }
};

} // namespace lamina

LAMINA_END_IEEE
