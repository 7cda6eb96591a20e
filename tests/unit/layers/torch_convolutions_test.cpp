// Convolutions against PyTorch: output, and the gradients of input, weight and bias.
#include "torch_layer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <type_traits>

using namespace lamina;
using namespace oracle;
using namespace torch_layer;

namespace {

constexpr size size_of(Extent e) {
    return {e.height, e.width};
}

/// The padding of a case as lamina's argument.
template <ConvolutionCase C>
constexpr auto padding_of = [] {
    if constexpr (C.is_same)
        return same;
    else
        return pad{C.padding.top, C.padding.bottom, C.padding.left, C.padding.right};
}();

template <Convolution Kind, ConvolutionCase C>
struct convolution : std::type_identity<Conv<C.filters, size_of(C.kernel), size_of(C.stride), padding_of<C>,
                                             size_of(C.dilation), C.groups>> {
    using input = image_shape<C.input>;
};
template <ConvolutionCase C>
struct convolution<Convolution::depthwise, C>
    : std::type_identity<DepthwiseConv<size_of(C.kernel), size_of(C.stride), padding_of<C>,
                                       size_of(C.dilation), C.filters / C.groups>> {
    using input = image_shape<C.input>;
};
template <ConvolutionCase C>
struct convolution<Convolution::sequence, C>
    : std::type_identity<
          Conv1D<C.filters, C.kernel.width, C.stride.width, padding_of<C>, C.dilation.width, C.groups>> {
    using input = Shape<C.input.channels, C.input.width>;
};
template <ConvolutionCase C>
struct convolution<Convolution::transposed, C>
    : std::type_identity<TransposedConv<C.filters, size_of(C.kernel), size_of(C.stride), padding_of<C>,
                                        size_of(C.dilation), C.groups>> {
    using input = image_shape<C.input>;
};

template <class L, bool HasBias>
struct with_bias : std::type_identity<L> {};
template <class L>
struct with_bias<L, false> : std::type_identity<NoBias<L>> {};

} // namespace

TEST_CASE("Conv: square kernels give PyTorch's output and gradients") {
    for_each_case<conv_cases>([]<ConvCase C>() {
        using L = Conv<C.filters, C.kernel, C.stride, C.padding>;
        check_layer<L, image_shape<C.input>>(name(C), Times{},
                                             Times{weight_scale(L::template fan_in<image_shape<C.input>>)});
    });
}

TEST_CASE("Convolutions: rectangles, one-sided padding, same, dilation, groups, sequences, transposed and no "
          "bias are PyTorch's") {
    for_each_case<convolution_cases>([]<ConvolutionCase C>() {
        using L = convolution<C.kind, C>;
        check_layer<typename with_bias<typename L::type, C.has_bias>::type, typename L::input>(
            name(C), Times{}, Times{weight_scale(fan_in(C))});
    });
}
