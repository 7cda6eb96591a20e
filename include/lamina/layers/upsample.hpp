// Upsample and UpsampleBilinear: an image that is several times as large.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/layers/resample.hpp>

namespace lamina {

/// An image that is a number of times as large: each element is repeated.
///
///     y(c, i, j) = x(c, floor(i / F), floor(j / F))        dx(c, u, v) = the sum of those dy(c, i, j)
///
/// Arguments: `Factor` F, a number, or `size{height, width}`, at least 1.
///
/// Shapes: x C,H,W; y C,F H,F W. x C,L; y C,F L.
///
/// Errors: an input of another rank, and a factor below 1, do not compile.
///
/// PyTorch: `torch.nn.Upsample(scale_factor=Factor)`, whose mode is 'nearest' unless named.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::Upsample<2>>, ln::Shape<1, 3, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 6, 8});
///     Model::Input x{};
///     x(0, 1, 1) = 3.0F;
///     const float repeated = Model{}.forward(x)(0, 3, 2); // 3
template <auto Factor>
struct Upsample : layer_bases::Resample<kernels::Resampling::nearest, Factor> {
    using by_numbers = layer_bases::ResampleOf<detail::UpsampleNumbers>;
};

/// An image that is a number of times as large, with mixtures of neighbours between them.
///
///     y(c, i, j) = x(c, s(i), s(j)), between elements bilinearly, with s(i) = (i + 1/2) / F - 1/2
///
/// s is kept within the image: at its borders elements are repeated.
///
/// Arguments: `Factor` F, a number, or `size{height, width}`, at least 1.
///
/// Shapes: x C,H,W; y C,F H,F W. x C,L; y C,F L.
///
/// Errors: an input of another rank, and a factor below 1, do not compile.
///
/// PyTorch: `torch.nn.Upsample(scale_factor=Factor, mode='bilinear')`, of sequences `mode='linear'`, with
/// `align_corners=False`, its default.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::UpsampleBilinear<2>>, ln::Shape<1, 1, 2>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 2, 4});
///     Model::Input x{};
///     x(0, 0, 1) = 4.0F;
///     const Model::Output y = Model{}.forward(x); // rows of 0, 1, 3, 4
template <auto Factor>
struct UpsampleBilinear : layer_bases::Resample<kernels::Resampling::bilinear, Factor> {
    using by_numbers = layer_bases::ResampleOf<detail::UpsampleBilinearNumbers>;
};

} // namespace lamina
