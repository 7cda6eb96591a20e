// AdaptiveAvgPool: means of shares of an image, so many that the output has a given size.
#pragma once

#include <lamina/fwd.hpp>
#include <lamina/layers/resample.hpp>

namespace lamina {

/// Average pooling to an output of a given size, whatever that of the input is.
///
///     y(c, i, j) = mean of x(c, u, v) over floor(i H / H') <= u < ceil((i + 1) H / H') and v likewise
///
/// Window sizes differ by at most one row and one column. Neighbours overlap by at most one. `GlobalAvgPool` is
/// the mean of all.
///
/// Arguments: `Size`, the extents H' and W' of the output: a number, or `size{height, width}`, at least 1.
///
/// Shapes: x C,H,W; y C,H',W'. x C,L; y C,L', where a number is L'.
///
/// Errors: an input of another rank, and an extent below 1, do not compile.
///
/// PyTorch: `torch.nn.AdaptiveAvgPool2d(Size)`, of sequences `torch.nn.AdaptiveAvgPool1d(Size)`.
///
/// Example:
///
///     using Model = ln::Model<ln::Net<ln::AdaptiveAvgPool<2>>, ln::Shape<1, 5, 4>>;
///     static_assert(Model::layers[0].output == ln::dims{1, 2, 2});
///     Model::Input x{};
///     x(0, 2, 0) = 6.0F; // the third row is in both windows
///     const Model::Output y = Model{}.forward(x);
///     const float above = y(0, 0, 0), below = y(0, 1, 0); // 1 and 1
template <auto Size>
struct AdaptiveAvgPool : layer_bases::Resample<kernels::Resampling::mean, Size> {
    using by_numbers = layer_bases::ResampleOf<detail::AdaptiveAvgPoolNumbers>;
};

} // namespace lamina
