// Pools, and layers that give an image another size, against PyTorch: output and gradient.
#include "torch_layer.hpp"

#include <doctest/doctest.h>

#include <type_traits>

using namespace lamina;
using namespace oracle;
using namespace torch_layer;

namespace {

template <Pooling Kind, size Size, size Stride, pad Padding>
struct layer;
template <size Size, size Stride, pad Padding>
struct layer<Pooling::max, Size, Stride, Padding> : std::type_identity<MaxPool<Size, Stride, Padding>> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::average, Size, Stride, Padding> : std::type_identity<AvgPool<Size, Stride, Padding>> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::average_of_cells, Size, Stride, Padding>
    : std::type_identity<AvgPool<Size, Stride, Padding, false>> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::global_max, Size, Stride, Padding> : std::type_identity<GlobalMaxPool> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::global_average, Size, Stride, Padding> : std::type_identity<GlobalAvgPool> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::adaptive, Size, Stride, Padding> : std::type_identity<AdaptiveAvgPool<Size>> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::nearest, Size, Stride, Padding> : std::type_identity<Upsample<Size>> {};
template <size Size, size Stride, pad Padding>
struct layer<Pooling::bilinear, Size, Stride, Padding> : std::type_identity<UpsampleBilinear<Size>> {};

constexpr size size_of(Extent e) {
    return {e.height, e.width};
}
constexpr pad pad_of(Extent e) {
    return {e.height, e.height, e.width, e.width};
}

} // namespace

TEST_CASE(
    "Pools: rectangles, padding, sequences, all of a channel, given sizes and upsampling are PyTorch's") {
    for_each_case<pooling_cases>([]<PoolingCase C>() {
        using L = typename layer<C.kind, size_of(C.size), size_of(C.stride), pad_of(C.padding)>::type;
        using In =
            std::conditional_t<C.is_sequence, Shape<C.input.channels, C.input.width>, image_shape<C.input>>;
        check_layer<L, In>(name(C));
    });
}
