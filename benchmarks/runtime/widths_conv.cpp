// Two 3x3 convolutions on 8x8, as many channels out as in.
#include "add_width.hpp"
#include "widths.hpp"

namespace bench {
namespace {

template <int... Width>
void add_all() {
    (add_width<ln::Model<ln::Net<ln::Conv<Width, 3, 1, 1>, ln::ReLU, ln::Conv<Width, 3, 1, 1>>,
                         ln::Shape<Width, 8, 8>>>("conv", Width),
     ...);
}

} // namespace

void add_conv_widths() {
    add_all<4, 8, 16, 32, 64, 128, 256>();
}

} // namespace bench
