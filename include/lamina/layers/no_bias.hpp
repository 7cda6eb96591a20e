// NoBias: a layer without its bias.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/layers/by_numbers.hpp>
#include <lamina/problem/problem.hpp>
#include <lamina/text.hpp>

namespace lamina {

/// A layer without its bias.
///
///     NoBias<Conv<16, 3>>: y(o, i, j) = sum over c, u, v of  w(c, u, v, o) x(c, i + u, j + v)
///
/// For what adds a shift by itself: a `BatchNorm` that follows, or several layers that are summed.
///
/// Arguments: `Layer`, one that has a bias and can do without: `Conv`, `DepthwiseConv`, `Conv1D`,
/// `TransposedConv` or `Dense`.
///
/// Shapes: those of `Layer`.
///
/// Parameters: weight, as of `Layer`.
///
/// Errors: those of `Layer`. Another layer does not compile.
///
/// PyTorch: `bias=False`.
///
/// Example:
///
///     using Topology = ln::Net<ln::NoBias<ln::Conv<16, 3>>, ln::BatchNorm<>, ln::ReLU>;
///     using Model = ln::Model<Topology, ln::Shape<3, 32, 32>>;
///     static_assert(Model::layers[0].parameters == 16 * 3 * 3 * 3);
///     Model model{ln::seed{42}};
template <class Layer>
struct NoBias : Layer::without_bias {
    using with_bias = Layer; ///< what `fold` makes of it, if a batch norm follows
    using by_numbers = typename Layer::template by_numbers_with<detail::WeightByNumbers>;
    static constexpr Text name = detail::spelled_with<detail::WeightByNumbers>(Layer::name);
};

/// Of a layer that has no bias to leave out, NoBias is the error that says so.
template <class Layer>
    requires(!requires { typename Layer::without_bias; })
struct NoBias<Layer> {
    static constexpr Text name = Text{} << "NoBias";

    template <class In, class Where>
    [[nodiscard]] static consteval auto find_fault() noexcept {
        return fault<typename Where::has_no_bias_to_leave_out>{};
    }
};

} // namespace lamina
