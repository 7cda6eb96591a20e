// LayerNorm: each sample with mean 0 and variance 1, then each element scaled and shifted.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/layer_norm.hpp>
#include <lamina/parameters.hpp>
#include <lamina/tensor.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Layer normalisation: each sample with mean 0 and variance 1, then each element scaled and shifted.
///
///     y(i) = weight(i) (x(i) - mean) / sqrt(var + 1e-5) + bias(i)
///
/// Mean and variance (the biased one) are those of all elements of a sample, so samples know nothing of each
/// other, and inference is like training.
///
/// Shapes: x any shape; y the same.
///
/// Parameters: weight of the shape of x, which begins at 1; bias of the same shape, at 0.
///
/// Errors: none of its own.
///
/// PyTorch: `torch.nn.LayerNorm(shape of x)`, with its default epsilon of 1e-5.
///
/// Source: Ba, Kiros & Hinton, "Layer Normalization", arXiv:1607.06450, equation 3.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::LayerNorm, ln::Tanh, ln::Dense<4>>, ln::Shape<8>>;
///     static_assert(Model::layers[1].parameters == 32);
struct LayerNorm {
    static constexpr Text name = Text{} << "LayerNorm";
    static constexpr double epsilon = 1e-5;

    template <class In>
    using output = In;

    template <class In, class T>
    struct trained {
        View<T, In> weight, bias;

        static constexpr void fields(auto& list, auto f) {
            f("weight", list.weight, initial::constant{1});
            f("bias", list.bias, initial::constant{0});
        }
    };
    /// Of each sample.
    template <class In, class E>
    struct saved {
        View<E, Shape<1>> mean, inverse_sigma;

        static constexpr void fields(auto& list, auto f) {
            f("mean", list.mean);
            f("inverse_sigma", list.inverse_sigma);
        }
    };

    static constexpr bool takes_activation = true, takes_addend = true, normalizes = true, takes_halo = true;

    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        kernels::layer_norm(x, epsilon, p.weight, p.bias, y, pass.saved.mean[0], pass.saved.inverse_sigma[0],
                            pass.after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto p, auto dx, auto pass) noexcept {
        kernels::layer_norm_input_gradient<How>(x, dy, pass.saved.mean[0], pass.saved.inverse_sigma[0],
                                                p.weight, dx);
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, auto pass) noexcept {
        kernels::layer_norm_parameter_gradient(x, dy, pass.saved.mean[0], pass.saved.inverse_sigma[0],
                                               dp.weight, dp.bias, false);
    }
};

} // namespace lamina

LAMINA_END_IEEE
