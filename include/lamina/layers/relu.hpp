// ReLU: max(x, 0).
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/layers/elementwise.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// Rectified linear unit: negative numbers become zero.
///
///     y = max(x, 0)        dx = dy where y > 0, else 0
///
/// The derivative at 0 is 0. NaN stays NaN.
///
/// Shapes: x any shape; y the same.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.ReLU()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Dense<16>, ln::ReLU, ln::Dense<3>>, ln::Shape<8>>;
///     Model model{ln::seed{42}}; // the weight before the ReLU by He's rule
///     const Model::Output y = model.forward(Model::Input{});
struct ReLU : Elementwise<ReLU> {
    static constexpr Text name = Text{} << "ReLU";
    static constexpr bool never_decreases = true;
    static constexpr double negative_slope = 0;

    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E value(E x) noexcept {
        return select(x < E(0), E(0), x);
    }
    template <Element E>
    [[nodiscard, gnu::always_inline]] static constexpr E slope(E y) noexcept {
        return select(y > E(0), E(1), E(0));
    }
};

} // namespace lamina

LAMINA_END_IEEE
