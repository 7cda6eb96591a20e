// GlobalAvgPool: the mean of each channel.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/ieee.hpp>
#include <lamina/kernels/global_pool.hpp>
#include <lamina/layers/pool_window.hpp>
#include <lamina/text.hpp>

LAMINA_BEGIN_IEEE

namespace lamina {

/// The mean of each channel.
///
///     y(c) = 1 / (H W)  sum over i, j of  x(c, i, j)
///
/// Most networks of convolutions end in it and a `Dense` layer, which then has a weight for each channel, not
/// for each pixel.
///
/// Shapes: x C,H,W or C,L; y C.
///
/// Errors: an input of another rank does not compile.
///
/// PyTorch: `torch.nn.AdaptiveAvgPool2d(1)` and `torch.nn.Flatten()`, of sequences
/// `torch.nn.AdaptiveAvgPool1d(1)`.
///
/// Source: Lin et al., arXiv:1312.4400, section 3.2.
///
/// Example:
///
///     using Topology = ln::Net<ln::Conv<16, 3>, ln::ReLU, ln::GlobalAvgPool, ln::Dense<10>>;
///     using Model = ln::Model<Topology, ln::Shape<1, 8, 8>>;
///     static_assert(Model::layers[2].output == ln::dims{16});
///     static_assert(Model::layers[3].parameters == 16 * 10 + 10);
///     Model model{ln::seed{42}};
struct GlobalAvgPool : layer_bases::GlobalPool {
    static constexpr Text name = Text{} << "GlobalAvgPool";

    static constexpr void forward(auto x, auto /*p*/, auto y) noexcept { kernels::global_average_pool(x, y); }
    template <kernels::Store How = kernels::Store::overwrite>
    static constexpr void input_gradient(auto /*x*/, auto /*y*/, auto dy, auto /*p*/, auto dx) noexcept {
        kernels::global_average_pool_gradient<How>(dy, dx);
    }
};

} // namespace lamina

LAMINA_END_IEEE
