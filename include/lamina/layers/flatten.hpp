// Flatten: the same elements as a vector.
#pragma once

#include <lamina/ieee.hpp>
#include <lamina/kernels/map.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The elements of any shape, in row-major (C,H,W) order, as a vector. `Dense` needs none before it.
/// As `torch.nn.Flatten`.
struct Flatten {
    static constexpr Text name = Text{} << "Flatten";
    static constexpr bool only_reshapes = true;

    template <class In>
    using output = Shape<In::size>;

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept {
        for (int i = 0; i < x.size; ++i)
            y[i] = x[i];
    }
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        for (int i = 0; i < dx.size; ++i)
            dx[i] = dy[i];
    }
};

} // namespace lamina

LAMINA_END_IEEE
