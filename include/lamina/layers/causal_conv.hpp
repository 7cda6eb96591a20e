// CausalConv: convolution along a sequence that sees no later step.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/causal_conv.hpp>
#include <lamina/layers/conv.hpp>

LAMINA_BEGIN_IEEE

namespace lamina::inline LAMINA_ABI::detail {

/// CausalConv with numbers for arguments.
template <class Tensors>
struct CausalConvNumbers : ConvByNumbers, Tensors {
    static constexpr std::string_view family = "CausalConv";
    static constexpr Argument arguments[] = {{"Filters"}, {"Kernel"}, {"Dilation", 1}, {"Groups", 1}};

    explicit CausalConvNumbers(const ArgumentValue* a) noexcept
        : ConvByNumbers{causal_rule(a[0], a[1], a[2], a[3])} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(rule_name()); }
};

} // namespace lamina::inline LAMINA_ABI::detail

namespace lamina::layer_bases {

/// Base of CausalConv, with constants for arguments.
template <detail::ConvRule Rule>
struct CausalConvShapes : ConvShapes<Rule> {
    static constexpr int steps_before = (Rule.kernel.width - 1) * Rule.dilation.width;
    static constexpr bool asks_for_after_alone = false;

    /// In a stream the steps before are carried, not kept around x.
    template <class In, Order O>
    static constexpr pad input_halo = StreamShape<In> ? pad{} : ConvRules<Rule>::template input_halo<In, O>;

    /// The last steps of x. (In training they lie around x.)
    template <StreamShape In, class E>
    struct carried {
        View<E, Shape<In::extents.extent[0] * (steps_before > 0 ? steps_before : 1)>> before;

        static constexpr void fields(auto& list, auto f) { f("before", list.before); }
    };

    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        if constexpr (StreamShape<typename decltype(x)::shape>) {
            using K = decltype(CausalConvShapes::window_of(x));
            const auto after = kernels::with_indices_of_image<decltype(y)>(pass.after);
            const auto in = kernels::as_image(x);
            const auto out = kernels::as_image(y);
            if constexpr (x.order == Order::channels_last)
                kernels::one::causal_conv<K>(in, pass.saved.before.data(), pass.samples.step, p.weight.data(),
                                             detail::bias_of(p), out, after);
            else
                kernels::causal_conv<K>(in, pass.saved.before.data(), pass.samples.step, p.weight.data(),
                                        detail::bias_of(p), out, after);
        } else {
            ConvShapes<Rule>{}.forward(x, p, y, pass);
        }
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// Causal 1-D convolution: each output sees its own step of the sequence and steps before it.
///
///     y(o, t) = b(o) + sum over c, v of  w(c, v, o) x(c, t - (K - 1 - v) D)
///
/// x is zero before its first step. So what is computed step by step, in a `Stream`, is the same as for the
/// whole sequence. It is a `Conv1D` with (K - 1) D zeros in front, as long as its input.
///
/// Arguments:
/// - `Filters` F, the number of output channels, at least 1.
/// - `Kernel` K, the number of taps, at least 1.
/// - `Dilation` D, the distance between neighbouring taps, 1 by default, at least 1.
/// - `Groups` G, as of `Conv`, 1 by default.
///
/// Shapes: x C,L; y F,L.
///
/// Parameters: weight C/G,K,F and bias F; files hold the weight as PyTorch does, F,C/G,K. Initial values are
/// drawn as those of `Conv`. `NoBias<CausalConv<...>>` has no bias.
///
/// Errors: an input that is not C,L, and those of `Conv`.
///
/// PyTorch: `torch.nn.Conv1d(C, F, K, dilation=D, groups=G)` behind `torch.nn.ConstantPad1d(((K - 1) * D, 0),
/// 0)`.
///
/// Source: van den Oord et al., "WaveNet", arXiv:1609.03499, section 2.1.
///
/// Example:
///
///     using Topology = ln::Net<ln::CausalConv<8, 3, 2>, ln::Tanh, ln::Dense<1>>;
///     using Model = ln::Model<Topology, ln::Sequence<64, ln::Shape<1>>>;
///     static_assert(Model::layers[2].output == Model::Output::shape::extents);
///     Model model{ln::seed{42}};
template <int Filters, int Kernel, int Dilation, int Groups>
struct CausalConv : layer_bases::ConvWithBias<
                        layer_bases::CausalConvShapes<detail::causal_rule(Filters, Kernel, Dilation, Groups)>,
                        layer_bases::ConvOf, detail::CausalConvNumbers> {};

} // namespace lamina

LAMINA_END_IEEE
