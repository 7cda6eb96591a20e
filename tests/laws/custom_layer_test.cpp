// The layer of docs/examples obeys the same laws as ours.
#include "layer_laws.hpp"

#include "../../docs/examples/channel_scale.hpp"

#include <doctest/doctest.h>

using lamina::Shape;

TEST_CASE("a user's own layer obeys the laws of layers") {
    laws::layer_laws<ChannelScale, Shape<1, 1, 1>, Shape<3, 5, 7>, Shape<17, 2, 3>>();
}
