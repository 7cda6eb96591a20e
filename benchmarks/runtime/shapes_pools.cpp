// Pooling on 16x32x32, and together with the convolution before it.
#include "shapes.hpp"

namespace bench {
namespace {

template <int Size, int Stride>
void add() {
    const std::string point =
        std::string{Stride == 1 ? " by 1/" : "/"} + std::to_string(Size) + "," + std::to_string(Stride);
    add_layer<ln::Shape<16, 32, 32>, ln::MaxPool<Size, Stride>>("max pool" + point);
    add_layer<ln::Shape<16, 32, 32>, ln::AvgPool<Size, Stride>>("average pool" + point);
}
template <auto Size, auto Stride, auto Padding>
void add_window(const std::string& kind, const std::string& point) {
    add_layer<ln::Shape<16, 32, 32>, ln::MaxPool<Size, Stride, Padding>>(kind + " max pool/" + point);
    add_layer<ln::Shape<16, 32, 32>, ln::AvgPool<Size, Stride, Padding>>(kind + " average pool/" + point);
}
template <int Height, int Width>
void add_rectangle() {
    constexpr ln::size window{Height, Width};
    add_window<window, window, 0>("rectangular", std::to_string(Height) + "x" + std::to_string(Width));
}
/// The image is what the pool sees.
template <int Size, int Height, int Width>
void add_with_conv() {
    add_layer<ln::Shape<8, Height, Width>, ln::Conv<16, 3, 1, 1>, ln::ReLU, ln::MaxPool<Size, Size>>(
        "conv and max pool/" + std::to_string(Size) + " of " + std::to_string(Height) + "x" +
        std::to_string(Width));
}

} // namespace

void add_pools() {
    add<2, 1>();
    add<3, 1>();
    add<4, 1>();
    add<2, 2>();
    add<3, 2>();
    add<3, 3>();
    add<4, 4>();
    add_window<3, 1, 1>("padded", "3,1,1");
    add_window<3, 2, 1>("padded", "3,2,1");
    add_window<3, 2, ln::same>("padded", "3,2,same");
    add_rectangle<1, 4>();
    add_rectangle<4, 1>();
    add_with_conv<2, 8, 8>();
    add_with_conv<2, 16, 16>();
    add_with_conv<2, 17, 17>();
    add_with_conv<2, 29, 31>();
    add_with_conv<3, 9, 9>();
    add_with_conv<3, 16, 16>();
    add_with_conv<3, 29, 31>();
}

} // namespace bench
