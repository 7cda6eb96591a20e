// A run-time leaky ReLU whose slope is given as a floating-point number.
// EXPECT: arguments of a layer are whole numbers: a slope of 0.1 is leaky_relu.1, 10
#include <lamina/dynamic/network.hpp>

namespace dynamic = lamina::dynamic;

dynamic::Network network() {
#ifdef SHOULD_NOT_COMPILE
    return {{28}, {dynamic::dense(10), dynamic::leaky_relu(0.1)}};
#else
    return {{28}, {dynamic::dense(10), dynamic::leaky_relu(1, 10)}};
#endif
}
