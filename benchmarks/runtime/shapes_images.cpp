// 3x3 from 8 channels to 16, on images from small to large, square and not.
#include "shapes.hpp"

namespace bench {
namespace {

template <int Height, int Width>
void add() {
    add_layer<ln::Shape<8, Height, Width>, ln::Conv<16, 3, 1, 1>>("image/" + std::to_string(Height) + "x" +
                                                                  std::to_string(Width));
}

} // namespace

void add_images() {
    add<3, 3>();
    add<4, 4>();
    add<7, 7>();
    add<8, 8>();
    add<13, 13>();
    add<16, 16>();
    add<17, 17>();
    add<28, 28>();
    add<29, 31>();
    add<32, 32>();
}

} // namespace bench
