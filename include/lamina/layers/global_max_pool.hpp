// GlobalMaxPool: the largest number of each channel.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/global_pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The largest number of each channel.
///
///     y(c) = max over i, j of  x(c, i, j)
///
/// The gradient goes to the first of the largest numbers, row by row. A NaN counts only if it is the first of
/// its channel.
///
/// Shapes: x C,H,W or C,L; y C.
///
/// Errors: an input of another rank does not compile.
///
/// PyTorch: `torch.nn.AdaptiveMaxPool2d(1)` and `torch.nn.Flatten()`, of sequences
/// `torch.nn.AdaptiveMaxPool1d(1)`, which pass on every NaN.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::GlobalMaxPool>, ln::Shape<2, 5, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{2});
///     Model::Input x{};
///     x(1, 4, 3) = 3.0F;
///     const float largest = Model{}.forward(x)(1); // 3
struct GlobalMaxPool : layer_bases::GlobalPool {
    static constexpr Text name = Text{} << "GlobalMaxPool";

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept { kernels::global_max_pool(x, y); }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto x, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::global_max_pool_gradient<How>(x, dy, dx);
    }
};

} // namespace lamina

LAMINA_END_IEEE
