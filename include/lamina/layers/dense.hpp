// Dense: every output sees every input.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/causal_conv.hpp>
#include <lamina/kernels/dense.hpp>
#include <lamina/kernels/dense_one_sample.hpp>
#include <lamina/kernels/dense_parameter_gradient.hpp>
#include <lamina/kernels/dense_prepared.hpp>
#include <lamina/kernels/dense_two_packs.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/pass_context.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

#include <type_traits>

LAMINA_BEGIN_IEEE

namespace lamina::layer_bases {

/// Base of Dense: what does not depend on the number of outputs.
struct AnyDense {
    /// forward applies `pass.after(sum, o)` to each result before it is stored.
    static constexpr bool takes_activation = true, asks_for_after_alone = true;
    static constexpr bool takes_scale = true;
    static constexpr void forward(auto x, auto p, auto y, auto pass) noexcept {
        using E = typename decltype(y)::element;
        if constexpr (detail::is_prepared<detail::scratch_of<decltype(pass)>>)
            return kernels::one::dense_of_packed(kernels::flattened(x), pass.scratch.parameters,
                                                 detail::bias_of(p), y, pass.after);
        else if constexpr (kernels::ConstantExtents<decltype(y)> && std::is_floating_point_v<E> &&
                           native_lanes<E> != 1) {
            if (!std::is_constant_evaluated())
                return kernels::one::dense(kernels::flattened(x), p.weight, detail::bias_of(p), y,
                                           pass.after);
        }
        kernels::dense(kernels::flattened(x), p.weight.data(), detail::bias_of(p), y, pass.after);
    }
    /// Two packs of samples, of inputs that `load` may put into lanes: see `kernels::IntoLanes`.
    static void forward_of_two(auto x, auto other_x, auto p, auto y, auto other_y, auto after,
                               auto load) noexcept {
        kernels::dense_of_two(kernels::flattened(x), kernels::flattened(other_x), p.weight.data(),
                              detail::bias_of(p), y, other_y, after, load);
    }
    /// One sample, on each of many steps.
    template <class X, class Y>
    static constexpr bool takes_steps =
        Y::layout::channels == 1 ? X::layout::width >= native_lanes<float>&& X::layout::channels >= 4
                                 : X::layout::width >= 8 && Y::layout::channels >= 4 &&
                                       X::layout::channels* Y::layout::channels <= 4096;
    static void forward_of_steps(auto x, auto p, auto y, auto after) noexcept {
        const auto in = kernels::as_image(x);
        const auto out = kernels::as_image(y);
        if constexpr (decltype(out)::layout::channels == 1)
            kernels::one::dense_of_steps_to_one(in, p.weight, detail::bias_of(p), out, after);
        else
            kernels::one::dense_of_steps(in, p.weight, detail::bias_of(p), out, after);
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto p, auto dx) noexcept {
        kernels::dense_input_gradient<How>(dy, p.weight.data(), dx);
    }
    static constexpr void parameter_gradient(auto x, auto /*y*/, auto dy, auto dp, bool overwrite) noexcept {
        kernels::dense_parameter_gradient(kernels::flattened(x), dy, dp.weight.data(), detail::bias_of(dp),
                                          overwrite);
    }
};

} // namespace lamina::layer_bases

namespace lamina::inline LAMINA_ABI::detail {

/// Dense with a number for its argument.
template <class Tensors>
struct DenseNumbers : layer_bases::AnyDense, Tensors {
    static constexpr std::string_view family = "Dense";
    static constexpr Argument arguments[] = {{"Outputs"}};
    int units;

    explicit DenseNumbers(const ArgumentValue* a) noexcept : units{a[0]} {}
    [[nodiscard]] Text spelled() const { return spelled_with<Tensors>(named("Dense", units)); }
    [[nodiscard]] dims outputs(const dims& /*in*/) const noexcept { return {units}; }
    [[nodiscard]] dims tensor(std::string_view name, const dims& in) const noexcept {
        return name == "weight" ? dims{units, in.size()} : dims{units};
    }
    [[nodiscard]] initial::drawn fans(const dims& in) const noexcept {
        return {static_cast<int>(in.size()), units};
    }
    [[nodiscard]] long long multiply_adds(const dims& in) const noexcept {
        return static_cast<long long>(units) * static_cast<long long>(in.size());
    }

    void require_fit(const dims& /*in*/, const auto& where) const {
        where.expect(units >= 1, "a dense layer needs at least 1 output", "outputs<", units,
                     ">::must_be_positive");
    }
};

} // namespace lamina::inline LAMINA_ABI::detail
namespace lamina::layer_bases {

/// Base of Dense: the rules of shapes.
template <int Outputs>
struct DenseShapes : AnyDense {
    static constexpr Text name = named("Dense", Outputs);

    template <class In>
    using output = Shape<Outputs>;
    template <class In>
    using weight = Shape<Outputs, In::size>;

    template <class In>
    static constexpr long long macs = static_cast<long long>(Outputs) * In::size;
    template <class In>
    static constexpr int fan_in = In::size;
    template <class In>
    static constexpr int fan_out = Outputs;
    template <class In>
    [[nodiscard]] static consteval PreparedExtent prepared() noexcept {
        return {kernels::one::packed_weights_pay(In::size, Outputs) ? macs<In> : 0, 0};
    }
    template <class In>
    static void prepare(auto p, auto* to) noexcept {
        kernels::one::pack_weights<Outputs, In::size>(p.weight.data(), to);
    }

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        if constexpr (Outputs < 1)
            return fault<typename Where::template outputs<Outputs>::must_be_positive>{};
        else
            return none{};
    }
};

} // namespace lamina::layer_bases

namespace lamina {

/// Fully connected layer with a bias.
///
///     y(o) = b(o) + sum over i of  w(o, i) x(i)
///
/// It flattens its input by itself, in the order channel, row, column, as PyTorch does; `Flatten` before it
/// is allowed, but not needed.
///
/// Arguments: `Outputs` N, the number of outputs, at least 1.
///
/// Shapes: x any shape, of I elements; y N.
///
/// Parameters: weight N,I and bias N, in files as well. The weight is drawn by He's rule if a rectifier
/// such as `ReLU` or `GELU` follows, else by Glorot's; the bias begins as zero.
///
/// Errors: fewer than 1 output and a weight of more than 2,147,483,647 numbers do not compile.
///
/// PyTorch: `torch.nn.Linear(I, N)`, behind a `torch.nn.Flatten` if x is an image. It draws other initial
/// values.
///
/// Source: O'Shea & Nash, arXiv:1511.08458, section 2.4.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<32>, ln::Tanh, ln::Dense<2>>, ln::Shape<1, 8, 8>>;
///     static_assert(Model::layers[0].parameters == 32 * 64 + 32);
///     Model model{ln::seed{42}};
///     model.weight<0>()(31, 63) = 0.5F; // output, input
///     model.bias<2>()[1] = -1.0F;
template <int Outputs>
struct Dense : layer_bases::DenseShapes<Outputs> {
    using without_bias = layer_bases::DenseShapes<Outputs>;
    template <class Tensors>
    using by_numbers_with = detail::DenseNumbers<Tensors>;
    using by_numbers = by_numbers_with<detail::WeightAndBiasByNumbers>;

    template <class In>
    using bias = Shape<Outputs>;
};

} // namespace lamina

namespace lamina::inline LAMINA_ABI::detail {

template <int Outputs>
inline constexpr bool computes_two_packs<Dense<Outputs>> = true;
template <int Outputs>
inline constexpr bool computes_two_packs<layer_bases::DenseShapes<Outputs>> = true;

} // namespace lamina::inline LAMINA_ABI::detail

LAMINA_END_IEEE
