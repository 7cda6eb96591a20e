// As many channels in as out, 3x3, on 16x16.
#include "shapes.hpp"

namespace bench {
namespace {

template <int... Channels>
void add() {
    (add_layer<ln::Shape<Channels, 16, 16>, ln::Conv<Channels, 3, 1, 1>>("channels/" +
                                                                         std::to_string(Channels)),
     ...);
}

} // namespace

void add_channels() {
    add<1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 17, 20, 24, 32>();
}

} // namespace bench
