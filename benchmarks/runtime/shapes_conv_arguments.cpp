// From 8 channels to 16 on 16x16, unless the name says otherwise: rectangular kernels, dilation, padding of some
// sides, groups; depthwise convolutions; and transposed ones, from 16 channels to 8.
#include "shapes.hpp"

namespace bench {
namespace {

template <ln::size Kernel>
void add_rectangle() {
    add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, Kernel, 1, ln::same>>(
        "rectangle/" + std::to_string(Kernel.height) + "x" + std::to_string(Kernel.width));
}
template <int... Dilation>
void add_dilation() {
    (add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, 3, 1, ln::same, Dilation>>("dilation/" +
                                                                             std::to_string(Dilation)),
     ...);
}
template <int... Groups>
void add_groups() {
    (add_layer<ln::Shape<32, 16, 16>, ln::Conv<32, 3, 1, 1, 1, Groups>>("groups, 32 to 32/" +
                                                                        std::to_string(Groups)),
     ...);
}
template <int... Channels>
void add_depthwise() {
    (add_layer<ln::Shape<Channels, 16, 16>, ln::DepthwiseConv<3, 1, 1>>("depthwise, channels/" +
                                                                        std::to_string(Channels)),
     ...);
}

} // namespace

void add_conv_arguments() {
    add_rectangle<ln::size{1, 3}>();
    add_rectangle<ln::size{3, 1}>();
    add_rectangle<ln::size{3, 3}>();
    add_rectangle<ln::size{10, 4}>();
    add_dilation<1, 2, 4>();
    add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, 3, 1, ln::pad{1, 0, 0, 0}>>("padding of/top");
    add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, 3, 1, ln::pad{0, 0, 0, 1}>>("padding of/right");
    add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, 3, 2, ln::pad{0, 1, 0, 1}>>("padding of/stride 2, same");
    add_groups<1, 2, 4, 8, 32>();
    add_depthwise<3, 8, 16, 17, 64>();
    add_layer<ln::Shape<16, 16, 16>, ln::TransposedConv<8, 3, 1, 1>>("transposed, stride/1");
    add_layer<ln::Shape<16, 8, 8>, ln::TransposedConv<8, 4, 2, 1>>("transposed, stride/2");
}

} // namespace bench
