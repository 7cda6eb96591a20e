// Flatten: the same elements as a vector.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The elements of any shape as a vector.
///
///     y(k) = x(c, i, j)        with k = (c H + i) W + j for an image
///
/// The order is row-major: channel, row, column. In most networks no number is moved. `Dense` flattens its
/// input by itself and needs none before it. Of a sequence of vectors it is all of them, of a sequence of
/// images it makes a vector of each.
///
/// Shapes: x any shape, of N elements; y N.
///
/// Errors: none, it takes any shape.
///
/// PyTorch: `torch.nn.Flatten()`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Conv<4, 3>, ln::Flatten, ln::Dense<10>>, ln::Shape<1, 6, 6>>;
///     static_assert(Model::layers[1].output == ln::dims{64});
struct Flatten {
    static constexpr Text name = Text{} << "Flatten";
    static constexpr bool only_reshapes = true, takes_halo = true;
    static constexpr Sees sees = Sees::all;

    template <class In>
    using output = Shape<In::size>;
    [[nodiscard]] static constexpr dims outputs(const dims& in) noexcept { return {in.size()}; }

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            kernels::store<How>(dx[i], dy[i]);
    }
};

} // namespace lamina

LAMINA_END_IEEE
