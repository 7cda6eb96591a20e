// From 8 channels to 16 on 16x16: kernels that keep the size, strides, and paddings.
#include "shapes.hpp"

namespace bench {
namespace {

template <int... Kernel>
void add_kernel() {
    (add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, Kernel, 1, Kernel / 2>>("kernel/" + std::to_string(Kernel)),
     ...);
}
template <int... Stride>
void add_stride() {
    (add_layer<ln::Shape<8, 32, 32>, ln::Conv<16, 3, Stride, 1>>("stride/" + std::to_string(Stride)), ...);
}
template <int... Padding>
void add_padding() {
    (add_layer<ln::Shape<8, 16, 16>, ln::Conv<16, 5, 1, Padding>>("padding/" + std::to_string(Padding)), ...);
}

} // namespace

void add_kernels() {
    add_kernel<1, 2, 3, 5, 7>();
    add_stride<1, 2, 3>();
    add_padding<0, 1, 2, 3>();
}

} // namespace bench
